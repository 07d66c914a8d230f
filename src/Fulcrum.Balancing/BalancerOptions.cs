using Fulcrum.Balancing.Hashing;

namespace Fulcrum.Balancing;

/// <summary>
/// How large the tables of maglev and ketama are. A size that followed the candidates would change when one fails, and
/// with it the place of every client; so it follows the whole upstream, whose backends come and go far more rarely.
/// </summary>
public sealed record BalancerOptions
{
    /// <summary>Backends of the upstream, eligible or not. At least the candidates are counted.</summary>
    public int Members { get; init; }

    /// <summary>Sum of the weights of the upstream's backends, eligible or not. At least the candidates' is taken.</summary>
    public long TotalWeight { get; init; }

    /// <summary>
    /// Entries of the maglev table: a prime, at most <see cref="MaglevTable.MaxSize"/>. Default:
    /// <see cref="MaglevTable.SizeFor"/> of <see cref="Members"/>.
    /// </summary>
    public int? MaglevTableSize { get; init; }

    /// <summary>
    /// Upper bound of the points on the ketama ring when every member is eligible, 1 to 4,194,304; each backend has at
    /// least one. Default: 65,536, or 128 for each member if that is more.
    /// </summary>
    public int? RingPoints { get; init; }
}
