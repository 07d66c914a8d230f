using Fulcrum.Linux.Ipvs;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Forwarding.Ipvs.Translating;

/// <summary>What the kernel calls our algorithms.</summary>
internal static class Schedulers
{
    /// <summary>Null: it has nothing of the kind.</summary>
    public static string? NameOf(BalanceAlgorithm algorithm) =>
        algorithm switch
        {
            BalanceAlgorithm.RoundRobin => "rr",
            BalanceAlgorithm.WeightedRoundRobin => "wrr",
            BalanceAlgorithm.LeastConnections => "wlc",
            BalanceAlgorithm.UnweightedLeastConnections => "lc",
            BalanceAlgorithm.SourceHash => "sh",
            BalanceAlgorithm.DestinationHash => "dh",
            BalanceAlgorithm.Maglev => "mh",
            BalanceAlgorithm.ShortestExpectedDelay => "sed",
            BalanceAlgorithm.NeverQueue => "nq",
            BalanceAlgorithm.First => "fo",
            BalanceAlgorithm.Overflow => "ovf",
            BalanceAlgorithm.Locality => "lblc",
            BalanceAlgorithm.LocalityReplicated => "lblcr",
            BalanceAlgorithm.PowerOfTwo => "twos",
            _ => null,
        };

    /// <summary>
    /// Hashes take another server where the chosen one has no weight: without that, the clients of one that rests would
    /// be refused.
    /// </summary>
    public static IpvsServiceFlags FlagsOf(Balance balance) =>
        balance.Algorithm is not (BalanceAlgorithm.SourceHash or BalanceAlgorithm.Maglev) ? IpvsServiceFlags.None
        : balance.Hash == HashKey.SourceAddressAndPort ? IpvsServiceFlags.Fallback | IpvsServiceFlags.Port
        : IpvsServiceFlags.Fallback;
}
