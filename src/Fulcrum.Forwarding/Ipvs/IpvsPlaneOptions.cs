using Fulcrum.Forwarding.Marking;
using Fulcrum.Forwarding.SourceNat;
using Fulcrum.Linux.Netlink;

namespace Fulcrum.Forwarding.Ipvs;

/// <summary>How the plane of the kernel's own balancer works.</summary>
public sealed record IpvsPlaneOptions
{
    /// <summary>The file that says which services of the kernel's table are ours.</summary>
    public required string OwnedFile { get; init; }

    /// <summary>Opens sockets in the network namespace that is meant, from whatever thread.</summary>
    public NetlinkOpening Open { get; init; } = NetlinkSocket.Open;

    /// <summary>Gives packets their marks. Null: nobody does, so that services known by marks are reached by nobody.</summary>
    public ListenerMarks? Marks { get; init; }

    /// <summary>Translates what backends see of clients. Null: nobody does.</summary>
    public BackendSources? Sources { get; init; }

    /// <summary>
    /// The table is read again so often: for its counters, which the kernel brings up to date at this pace, and since
    /// others may meddle with it.
    /// </summary>
    public TimeSpan RereadEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Called with what people should know, in a sentence.</summary>
    public Action<string>? Tell { get; init; }
}
