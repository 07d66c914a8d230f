namespace Fulcrum.Model.Checks;

/// <summary>When a check asks and how many answers it takes. Null: from the defaults.</summary>
public sealed record CheckTiming
{
    public static CheckTiming Unset { get; } = new();

    /// <summary>What holds where nobody says otherwise.</summary>
    public static CheckTiming BuiltIn { get; } =
        new()
        {
            Interval = TimeSpan.FromSeconds(2),
            Timeout = TimeSpan.FromSeconds(1),
            Rise = 2,
            Fall = 3,
        };

    /// <summary>From the start of one probe to the start of the next.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>
    /// Instead of <see cref="Interval"/> while results speak against the verdict. Null: no faster.
    /// </summary>
    public TimeSpan? FastInterval { get; init; }

    /// <summary>
    /// What the interval grows to, by doubling, while a backend stays unhealthy. Null: it does not grow.
    /// </summary>
    public TimeSpan? DownInterval { get; init; }

    /// <summary>For all phases of a probe together.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Good results in a row that make an unhealthy backend healthy.</summary>
    public int? Rise { get; init; }

    /// <summary>Bad results in a row that make a healthy backend unhealthy.</summary>
    public int? Fall { get; init; }

    public CheckTiming Over(CheckTiming farther) =>
        new()
        {
            Interval = Interval ?? farther.Interval,
            FastInterval = FastInterval ?? farther.FastInterval,
            DownInterval = DownInterval ?? farther.DownInterval,
            Timeout = Timeout ?? farther.Timeout,
            Rise = Rise ?? farther.Rise,
            Fall = Fall ?? farther.Fall,
        };
}
