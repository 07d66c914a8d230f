using Fulcrum.Forwarding.Xdp.Tables;

namespace Fulcrum.Bench.Live;

/// <summary>A way for frames through a node.</summary>
/// <param name="Name">Of its row.</param>
/// <param name="Carrier">Who carries them.</param>
/// <param name="Forwarding">How they get to the backend.</param>
/// <param name="Most">What it may cost beside the peer.</param>
internal sealed record Lane(
    string Name,
    Carrier Carrier,
    BackendForwarding Forwarding,
    double Most = double.PositiveInfinity
)
{
    /// <summary>What all are compared with.</summary>
    public static readonly Lane Peer = new("nft, NAT", Carrier.Nft, BackendForwarding.Nat);

    public static readonly Lane[] All =
    [
        new("XDP, nothing but a redirect", Carrier.Redirect, BackendForwarding.None),
        new("XDP, direct", Carrier.Driver, BackendForwarding.Direct, 0.25),
        new("XDP, NAT", Carrier.Driver, BackendForwarding.Nat, 0.25),
        new("XDP, IPv4 in IPv4", Carrier.Driver, BackendForwarding.IpInIp, 0.25),
        new("tc, NAT", Carrier.TrafficControl, BackendForwarding.Nat),
        new("kernel, routed", Carrier.Kernel, BackendForwarding.None),
        Peer,
    ];
}
