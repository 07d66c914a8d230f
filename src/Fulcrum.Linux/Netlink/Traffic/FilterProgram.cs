namespace Fulcrum.Linux.Netlink.Traffic;

/// <summary>A BPF program that is a filter, and decides by itself what is done with a packet (direct action, tc-bpf(8)).</summary>
/// <param name="Name">What it is listed as.</param>
public sealed record FilterProgram(string Name)
{
    /// <summary>The kernel's number for it; of one to be made, 0.</summary>
    public uint Id { get; init; }

    /// <summary>Of one to be made.</summary>
    internal int Descriptor { get; init; }
}
