namespace Fulcrum.Model.Upstreams;

/// <summary>How a backend is chosen among the eligible ones. The written form is the name in kebab case.</summary>
public enum BalanceAlgorithm
{
    /// <summary>Each in turn by its weight, interleaved as smoothly as possible (nginx's smooth weighted round robin).</summary>
    WeightedRoundRobin,

    /// <summary>Each in turn, weights ignored.</summary>
    RoundRobin,

    /// <summary>The fewest established connections in proportion to weight.</summary>
    LeastConnections,

    /// <summary>Hash of the client address modulo total weight: simple, remaps much on change (LVS "sh").</summary>
    SourceHash,

    /// <summary>Maglev's lookup table over a hash: even and minimally disrupted (Eisenbud et al., NSDI 2016).</summary>
    Maglev,

    /// <summary>At random by weight.</summary>
    Random,

    /// <summary>The less loaded of two drawn at random by weight (Mitzenmacher 2001).</summary>
    PowerOfTwo,

    /// <summary>Highest random weight of (client, backend): exactly minimal disruption (Thaler and Ravishankar 1998).</summary>
    Rendezvous,

    /// <summary>Points on a ring, many for each backend (Karger et al. 1997, libketama).</summary>
    Ketama,

    /// <summary>The first that has room, in the order written: the others are spares.</summary>
    First,

    /// <summary>As least connections, but one more connection counts already (LVS "sed").</summary>
    ShortestExpectedDelay,

    /// <summary>An idle backend first; else the shortest expected delay (LVS "nq").</summary>
    NeverQueue,

    /// <summary>The fewest established connections, weights ignored (LVS "lc").</summary>
    UnweightedLeastConnections,

    /// <summary>Hash of the address that the client came to (LVS "dh").</summary>
    DestinationHash,

    /// <summary>The heaviest, until it has as many connections as it has weight; then the next (LVS "ovf").</summary>
    Overflow,

    /// <summary>The backend that the destination address had before, unless it is overloaded (LVS "lblc").</summary>
    Locality,

    /// <summary>As locality, but a destination address may have several backends (LVS "lblcr").</summary>
    LocalityReplicated,
}
