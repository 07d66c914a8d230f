using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Reasons;

/// <summary>Nothing is asked of it.</summary>
public sealed record DeclaredHealthy : Reason
{
    public override string Text => "no checks: healthy by declaration";
}

public sealed record ChecksPassed : Reason
{
    public override string Text => "healthy";
}

/// <summary>A check has no answer yet, and none says no.</summary>
public sealed record NotAsked(string Upstream, string Backend, string Check) : Reason
{
    public override string Text => "not asked yet";

    public override Subject Cause => new(SubjectKind.Check, $"{Upstream}/{Backend}/{Check}");
}

public sealed record CheckFailed(string Upstream, string Backend, string Check, string Why) : Reason
{
    public override string Text => $"{Check}: {Why}";

    public override Subject Cause => new(SubjectKind.Check, $"{Upstream}/{Backend}/{Check}");
}

/// <summary>It is well, but says that it wants nothing new: a score of nothing.</summary>
public sealed record ScoredZero(string Upstream, string Backend, string Check, string Why) : Reason
{
    public override string Text => $"{Check}: {Why}";

    public override Subject Cause => new(SubjectKind.Check, $"{Upstream}/{Backend}/{Check}");
}

public sealed record NoAddress(string Name) : Reason
{
    public override string Text => $"no address for {Name} yet";
}

/// <summary>All sticky numbers are in use, or the disk does not keep what is given out.</summary>
public sealed record NoNumber : Reason
{
    public override string Text => "no number can be given to it";
}

public sealed record MemberDisabled : Reason
{
    public override string Text => "disabled";
}

/// <summary>Its source says that it is going away.</summary>
public sealed record MemberTerminating : Reason
{
    public override string Text => "terminating";
}

/// <summary>No configuration has it any more; what is established may finish.</summary>
public sealed record MemberRemoved : Reason
{
    public override string Text => "removed";
}

/// <summary>Its source says so, and others are ready.</summary>
public sealed record NotReady : Reason
{
    public override string Text => "not ready";
}

public sealed record NoWeight : Reason
{
    public override string Text => "weight 0";
}

/// <summary>Its own priority is not needed.</summary>
public sealed record PriorityServes(int Priority) : Reason
{
    public override string Text => $"priority {Priority} serves";
}

/// <summary>Real traffic to it failed.</summary>
public sealed record Ejected(string What, DateTimeOffset Until) : Reason
{
    public override string Text => $"put out until {Until:u}: {What}";
}

/// <summary>It serves, and has a part of its weight so far.</summary>
/// <param name="Health">Why it may serve.</param>
/// <param name="Percent">Of its weight.</param>
public sealed record ComingBack(Reason Health, int Percent) : Reason
{
    public override string Text => $"{Health}, back to {Percent}% of its weight";

    public override Subject? Cause => Health.Cause;
}

/// <summary>Nobody is healthy, so the checks may be what is wrong.</summary>
/// <param name="Despite">What speaks against this one; null: said of the upstream.</param>
public sealed record FailsOpen(Reason? Despite) : Reason
{
    public override string Text => Despite is null ? "nobody is healthy: fails open" : $"fails open: {Despite}";

    public override Subject? Cause => Despite?.Cause;
}

/// <summary>No member counts.</summary>
public sealed record NoMembers : Reason
{
    public override string Text => "no members";
}

/// <summary>Enough members are healthy, or may be.</summary>
/// <param name="Priority">Whose members alone are enough; null: all are looked at together.</param>
public sealed record EnoughMembers(int Healthy, int Unknown, int Total, int? Priority) : Reason
{
    public override string Text =>
        (Priority is { } priority ? $"priority {priority}: " : "")
        + $"{Healthy} of {Total} healthy"
        + (Unknown > 0 ? $", {Unknown} not known yet" : "");
}

public enum Mark
{
    AtLeast,
    KeepWhile,
}

/// <summary>Too few members are healthy, or may be.</summary>
/// <param name="Culprit">One that is missing; null: there is none.</param>
public sealed record BelowMark(int Healthy, int Unknown, int Total, Mark Mark, Amount Amount, Subject? Culprit) : Reason
{
    public override string Text =>
        $"{Healthy} of {Total} healthy"
        + (Amount.Share is null ? "" : $" ({Amount.OfShare((double)Healthy / Total)})")
        + (Unknown > 0 ? $", {Unknown} not known yet" : "")
        + $", {(Mark == Mark.AtLeast ? "at-least" : "keep-while")} is {Amount}";

    public override Subject? Cause => Culprit;
}
