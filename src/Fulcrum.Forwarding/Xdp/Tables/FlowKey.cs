using System.Net;
using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>Who sends to whom.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FlowKey(
    TableAddress Source,
    TableAddress Destination,
    TablePort SourcePort,
    TablePort DestinationPort,
    byte Protocol
)
{
    public readonly byte Pad = 0;
    public readonly ushort PadMore = 0;

    public static FlowKey Of(IPEndPoint source, IPEndPoint destination, byte protocol) =>
        new(
            TableAddress.Of(source.Address),
            TableAddress.Of(destination.Address),
            TablePort.Of(source.Port),
            TablePort.Of(destination.Port),
            protocol
        );
}
