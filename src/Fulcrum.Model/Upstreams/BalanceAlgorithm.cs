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
}
