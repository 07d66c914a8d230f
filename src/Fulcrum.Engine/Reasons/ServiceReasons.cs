using Fulcrum.Engine.Ports;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Reasons;

/// <summary>The file, or whatever source it came from, has it no longer.</summary>
public sealed record NotConfigured : Reason
{
    public override string Text => "it is not configured any more";
}

public sealed record DisabledInFile : Reason
{
    public override string Text => "disabled in its configuration";
}

/// <summary>An operator's decision.</summary>
public sealed record Overridden(Override Decision) : Reason
{
    public override string Text =>
        $"{Decision.Action.ToString().ToLowerInvariant()}{(Decision.Weight is { } weight ? $" {weight}" : "")} by {Decision.Owner}"
        + (Decision.Reason is { } why ? $": {why}" : "")
        + (Decision.Expires is { } until ? $" (until {until:u})" : "");

    public override Subject Cause => new(SubjectKind.Override, Decision.Target.ToString());
}

/// <summary>No plane of this node can carry it.</summary>
/// <param name="Wanted">What was looked for.</param>
/// <param name="Refusals">Of each plane that it may have, why not.</param>
public sealed record NoPlane(string Wanted, Items<string> Refusals) : Reason
{
    public override string Text =>
        $"no plane of this node carries {Wanted}" + (Refusals.IsEmpty ? "" : $" ({string.Join("; ", Refusals)})");
}

/// <summary>All its routes refuse, so that there is nothing to carry.</summary>
public sealed record LeadsNowhere : Reason
{
    public override string Text => "its routes lead to no upstream";
}

/// <summary>It is as its upstream is.</summary>
public sealed record LeadsTo(string Upstream, Verdict Verdict) : Reason
{
    public override string Text => $"its upstream {Upstream} is {Verdict.ToString().ToLowerInvariant()}";

    public override Subject Cause => new(SubjectKind.Upstream, Upstream);
}
