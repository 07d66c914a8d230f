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
        };

    /// <summary>By which it balances.</summary>
    public Items<BalanceAlgorithm> Algorithms { get; init; }

    /// <summary>By what it knows clients again.</summary>
    public Items<ClientIdentity> Identities { get; init; }

    /// <summary>Why it does not work on this machine, and how to mend that; null: it does, or that is not known yet.</summary>
    public string? Unavailable { get; init; }
}
