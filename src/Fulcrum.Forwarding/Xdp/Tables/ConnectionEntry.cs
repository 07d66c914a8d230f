using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <param name="Backend">Its number.</param>
/// <param name="Generation">Of the backend, when this was written.</param>
/// <param name="Seen">The tick (<see cref="ProgramClock"/>) of its newest packet.</param>
/// <param name="Port">Ours towards the backend, with NAT of the source.</param>
/// <param name="State">1: a FIN or RST of the client was seen.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct ConnectionEntry(uint Backend, uint Generation, uint Seen, TablePort Port, byte State)
{
    public readonly byte Pad = 0;
}
