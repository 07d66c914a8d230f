using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>A backend and the way to it. Number 0 is nobody: empty slots of rings name it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BackendEntry
{
    public TableAddress Address { get; init; }

    /// <summary>Of the tunnel, or in place of the client's.</summary>
    public TableAddress Source { get; init; }

    /// <summary>Goes up whenever the number is given to another backend: flows of the former one are not its.</summary>
    public uint Generation { get; init; }

    /// <summary>0: the one that a packet came from.</summary>
    public uint Interface { get; init; }

    public TableHardware Hardware { get; init; }

    public TableHardware SourceHardware { get; init; }

    /// <summary>0: the one that the client asked for.</summary>
    public TablePort Port { get; init; }

    public TablePort TunnelPort { get; init; }

    /// <summary>
    /// Of the way to it: what a packet may have at most, with the tunnel that it is in. Clients are told of those that have
    /// more. 0: whatever comes goes.
    /// </summary>
    public ushort Mtu { get; init; }

    public BackendForwarding Forwarding { get; init; }

    public BackendFlags Flags { get; init; }

    /// <summary>Where it is.</summary>
    public TableVlan Vlan { get; init; }

    public ushort Pad { get; }
}
