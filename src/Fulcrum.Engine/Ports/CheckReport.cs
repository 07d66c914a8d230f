using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Ports;

/// <summary>What a check does just now.</summary>
public enum CheckActivity
{
    /// <summary>For its time to come.</summary>
    Waiting,

    /// <summary>Its time has come; it waits until fewer others ask.</summary>
    Queued,
    Asking,
    Paused,
}

/// <summary>All that is known of one check.</summary>
public sealed record CheckReport
{
    public required ProbeTask Task { get; init; }

    public required CheckHealth Health { get; init; }

    public required CheckActivity Activity { get; init; }

    /// <summary>Until it asks again; null: it does not wait for that.</summary>
    public TimeSpan? NextIn { get; init; }

    /// <summary>Results of the last kind in a row.</summary>
    public int InARow { get; init; }

    /// <summary>Results since it began.</summary>
    public long Results { get; init; }

    /// <summary>Of them, those that changed the verdict.</summary>
    public long Transitions { get; init; }

    /// <summary>Its results keep changing from good to bad and back.</summary>
    public bool IsFlapping { get; init; }

    /// <summary>What will be wrong soon; null: nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>The newest first.</summary>
    public Items<CheckResult> Recent { get; init; }
}
