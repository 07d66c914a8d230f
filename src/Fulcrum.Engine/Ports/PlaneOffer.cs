using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Ports;

/// <summary>What a plane can do.</summary>
/// <param name="Kind">Which plane.</param>
/// <param name="Forwardings">The forwardings that it carries.</param>
public sealed record PlaneOffer(PlaneKind Kind, Items<Forwarding> Forwardings)
{
    public static PlaneOffer Proxy { get; } =
        new(PlaneKind.Proxy, [Forwarding.Proxy])
        {
            Algorithms =
            [
                BalanceAlgorithm.WeightedRoundRobin,
                BalanceAlgorithm.RoundRobin,
                BalanceAlgorithm.LeastConnections,
                BalanceAlgorithm.SourceHash,
                BalanceAlgorithm.Maglev,
                BalanceAlgorithm.Random,
                BalanceAlgorithm.PowerOfTwo,
                BalanceAlgorithm.Rendezvous,
                BalanceAlgorithm.Ketama,
                BalanceAlgorithm.First,
            ],
            Identities = [ClientIdentity.SourceAddress],
        };

    public static PlaneOffer Ipvs { get; } =
        new(PlaneKind.Ipvs, [Forwarding.Nat, Forwarding.Dsr, Forwarding.Tunnel])
        {
            Algorithms =
            [
                BalanceAlgorithm.WeightedRoundRobin,
                BalanceAlgorithm.RoundRobin,
                BalanceAlgorithm.LeastConnections,
                BalanceAlgorithm.UnweightedLeastConnections,
                BalanceAlgorithm.SourceHash,
                BalanceAlgorithm.DestinationHash,
                BalanceAlgorithm.Maglev,
                BalanceAlgorithm.PowerOfTwo,
                BalanceAlgorithm.ShortestExpectedDelay,
                BalanceAlgorithm.NeverQueue,
                BalanceAlgorithm.First,
                BalanceAlgorithm.Overflow,
                BalanceAlgorithm.Locality,
                BalanceAlgorithm.LocalityReplicated,
            ],
            Identities = [ClientIdentity.SourceAddress, ClientIdentity.SipCallId],
            Protocols = [ListenerProtocol.Tcp, ListenerProtocol.Udp, ListenerProtocol.Sctp, ListenerProtocol.Mark],
            CountsConnections = true,
            JoinsListeners = true,
            Probes = true,
            NatsSinglePackets = true,
        };

    /// <summary>The balancer in the driver.</summary>
    public static PlaneOffer Xdp { get; } =
        new(PlaneKind.Xdp, [Forwarding.Nat, Forwarding.Dsr, Forwarding.Tunnel])
        {
            Algorithms = [BalanceAlgorithm.Maglev, BalanceAlgorithm.SourceHash],
            UsualBalance = new() { Algorithm = BalanceAlgorithm.Maglev, Hash = HashKey.SourceAddressAndPort },
            Protocols = [ListenerProtocol.Tcp, ListenerProtocol.Udp],
            Tunnels = [TunnelKind.Ipip, TunnelKind.Gue],
            AdmitsBySource = true,
        };

    /// <summary>The same in traffic control.</summary>
    public static PlaneOffer Tc { get; } = Xdp with { Kind = PlaneKind.Tc };

    /// <summary>By which it balances.</summary>
    public Items<BalanceAlgorithm> Algorithms { get; init; }

    /// <summary>How it balances where nothing is said.</summary>
    public Balance UsualBalance { get; init; } = Balance.Default;

    /// <summary>By what it knows clients again.</summary>
    public Items<ClientIdentity> Identities { get; init; }

    /// <summary>What listeners may speak, of a plane in the kernel.</summary>
    public Items<ListenerProtocol> Protocols { get; init; }

    /// <summary>What packets may be wrapped into.</summary>
    public Items<TunnelKind> Tunnels { get; init; } = [TunnelKind.Ipip, TunnelKind.Gre, TunnelKind.Gue];

    /// <summary>It keeps backends below a number of connections.</summary>
    public bool CountsConnections { get; init; }

    /// <summary>Listeners of a service may belong together.</summary>
    public bool JoinsListeners { get; init; }

    /// <summary>Checks may go through it.</summary>
    public bool Probes { get; init; }

    /// <summary>Of a plane in the kernel: it keeps lists of clients that may come.</summary>
    public bool AdmitsBySource { get; init; }

    /// <summary>It does NAT for datagrams that are each balanced for themselves.</summary>
    public bool NatsSinglePackets { get; init; }

    /// <summary>Why it does not work on this machine, and how to mend that; null: it does, or that is not known yet.</summary>
    public string? Unavailable { get; init; }
}
