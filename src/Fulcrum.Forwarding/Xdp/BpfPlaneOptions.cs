using Fulcrum.Linux.Bpf;
using Fulcrum.Linux.Netlink;

namespace Fulcrum.Forwarding.Xdp;

public sealed record BpfPlaneOptions
{
    /// <summary>Of the node; it tells what is left in the BPF file system from other nodes'.</summary>
    public required string State { get; init; }

    public required Rtnetlink Net { get; init; }

    /// <summary>Opens sockets in the namespace that is meant.</summary>
    public NetlinkOpening Open { get; init; } = NetlinkSocket.Open;

    /// <summary>Where the BPF file system is, or is mounted.</summary>
    public string FileSystem { get; init; } = BpfFileSystem.UsualPath;

    /// <summary>Hears of each new trouble, for people.</summary>
    public Action<string>? Tell { get; init; }
}
