namespace Fulcrum.Linux.Ipvs;

/// <summary>What went through, and how much in each second. The kernel counts anew every two seconds.</summary>
public readonly record struct IpvsCounters
{
    public ulong Connections { get; init; }

    public ulong IncomingPackets { get; init; }

    public ulong OutgoingPackets { get; init; }

    public ulong IncomingBytes { get; init; }

    public ulong OutgoingBytes { get; init; }

    public ulong ConnectionRate { get; init; }

    public ulong IncomingPacketRate { get; init; }

    public ulong OutgoingPacketRate { get; init; }

    public ulong IncomingByteRate { get; init; }

    public ulong OutgoingByteRate { get; init; }
}
