using System.Net;
using Fulcrum.Forwarding.Xdp.Tables;

namespace Fulcrum.Forwarding.Xdp.Tapping;

/// <summary>Which packets, how much of each, and when it is enough. What is null is not asked.</summary>
public sealed record TapOptions
{
    public const int MostSnapLength = 2048;

    public IPNetwork? Vip { get; init; }

    /// <summary>Of the vip.</summary>
    public ushort? Port { get; init; }

    /// <summary>Above IP: 6 for TCP, 17 for UDP.</summary>
    public byte? Protocol { get; init; }

    public IPNetwork? Client { get; init; }

    /// <summary>Empty: all.</summary>
    public IReadOnlyCollection<Reason> Reasons { get; init; } = [];

    public TapDirections Directions { get; init; } = TapDirections.Came | TapDirections.Left;

    /// <summary>Bytes of each, up to <see cref="MostSnapLength"/>.</summary>
    public int SnapLength { get; init; } = 128;

    public int MostPackets { get; init; } = 10_000;

    /// <summary>Of the file.</summary>
    public long MostBytes { get; init; } = 16 << 20;

    public TimeSpan MostTime { get; init; } = TimeSpan.FromMinutes(1);
}
