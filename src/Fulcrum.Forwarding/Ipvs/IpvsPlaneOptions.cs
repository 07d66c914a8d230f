using Fulcrum.Linux.Netlink;

namespace Fulcrum.Forwarding.Ipvs;

/// <summary>How the plane of the kernel's own balancer works.</summary>
public sealed record IpvsPlaneOptions
{
    /// <summary>The file that says which services of the kernel's table are ours.</summary>
    public required string OwnedFile { get; init; }

    /// <summary>Opens sockets in the network namespace that is meant, from whatever thread.</summary>
    public NetlinkOpening Open { get; init; } = NetlinkSocket.Open;

    /// <summary>The table is read again so often, since others may meddle with it.</summary>
    public TimeSpan RereadEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Called with what people should know, in a sentence.</summary>
    public Action<string>? Tell { get; init; }
}
