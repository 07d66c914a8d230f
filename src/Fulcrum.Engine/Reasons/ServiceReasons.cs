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
/// <param name="Wanted">How it is to be forwarded.</param>
/// <param name="Asked">The plane that it asks for; null: whichever can.</param>
/// <param name="Refusals">Of each plane that it may have, why not.</param>
public sealed record NoPlane(string Wanted, string? Asked, Items<PlaneRefusal> Refusals) : Reason
{
    public override string Text =>
        Asked is null
            ? $"no plane of this node carries {Wanted}"
                + string.Concat(Refusals.Select(refusal => $"; {refusal.Plane} would, but {refusal.Why}"))
        : Refusals is [var only] ? $"it asks for plane {Asked}, but {only.Why}"
        : $"it asks for plane {Asked}, which this node has not";
}

/// <summary>Why a plane does not carry a service whose forwarding it has.</summary>
public sealed record PlaneRefusal(string Plane, string Why)
{
    public override string ToString() => $"{Plane}: {Why}";
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
