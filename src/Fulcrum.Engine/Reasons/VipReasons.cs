using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Engine.Reasons;

/// <summary>The file has this node disabled.</summary>
public sealed record NodeDisabled(string Node) : Reason
{
    public override string Text => $"node {Node} is disabled in its configuration";

    public override Subject Cause => new(SubjectKind.Node, Node);
}

/// <summary>An operator has taken this node out.</summary>
public sealed record NodeTakenOut(Override Decision) : Reason
{
    public override string Text =>
        $"node {Decision.Target.Name} is {(Decision.Action == OverrideAction.Drain ? "drained" : "disabled")}"
        + $" by {Decision.Owner}{(Decision.Reason is { } why ? $": {why}" : "")}"
        + (Decision.Expires is { } until ? $" (until {until:u})" : "");

    public override Subject Cause => new(SubjectKind.Override, Decision.Target.ToString());
}

/// <summary>It is on its way out, and others shall take over before its planes drain.</summary>
public sealed record NodeStops(string Node) : Reason
{
    public override string Text => $"node {Node} is stopping";
}

/// <summary>Whatever the services do.</summary>
public sealed record UpAlways : Reason
{
    public override string Text => "up-when always";
}

/// <summary>No service listens at any of its addresses.</summary>
public sealed record NoServices(UpWhen UpWhen) : Reason
{
    public override string Text => $"no service is on it (up-when {UpWhen.ToString().ToLowerInvariant()})";
}

/// <summary>The services on it decide.</summary>
/// <param name="UpWhen">The rule.</param>
/// <param name="Service">The first of those that decide.</param>
/// <param name="Verdict">What those are.</param>
/// <param name="Others">How many more are so.</param>
public sealed record OfServices(UpWhen UpWhen, string Service, Verdict Verdict, int Others) : Reason
{
    public override string Text =>
        Service
        + (Others == 0 ? " is " : $" and {Others} more are ")
        + $"{Verdict.ToString().ToLowerInvariant()} (up-when {UpWhen.ToString().ToLowerInvariant()})";

    public override Subject Cause => new(SubjectKind.Service, Service);
}

/// <summary>Its service is good, but the plane does not have it yet.</summary>
public sealed record WaitsForPlane(PlaneKind Plane, string Service) : Reason
{
    public override string Text => $"waits for plane {Plane.ToString().ToLowerInvariant()} to carry {Service}";

    public override Subject Cause => new(SubjectKind.Service, Service);
}

/// <summary>An announcement that elects says what this node is.</summary>
public sealed record RoleIs(Role Role, string Announcement) : Reason
{
    public override string Text => $"role is {Role.ToString().ToLowerInvariant()} ({Announcement})";

    public override Subject Cause => new(SubjectKind.Announcement, Announcement);
}

/// <summary>An announcement elects among other nodes than this.</summary>
public sealed record NotACandidate(string Announcement) : Reason
{
    public override string Text => $"{Announcement} elects among other nodes";

    public override Subject Cause => new(SubjectKind.Announcement, Announcement);
}

/// <summary>Nothing elects, so that one of several nodes has it.</summary>
public sealed record NothingElects(string Preferred) : Reason
{
    public override string Text => $"no announcement elects a node for it, so {Preferred} has it";

    public override Subject Cause => new(SubjectKind.Node, Preferred);
}

/// <summary>It is withdrawn: first the network must learn.</summary>
/// <param name="Announcements">That are still made.</param>
/// <param name="Why">It is withdrawn.</param>
public sealed record AnnouncementsGoFirst(Items<string> Announcements, Reason Why) : Reason
{
    public override string Text => $"waits until {string.Join(", ", Announcements)} took it back: {Why}";

    public override Subject? Cause => Why.Cause;
}

/// <summary>It is withdrawn and the network was told; who has not heard yet is still served.</summary>
public sealed record Lingers(DateTimeOffset Until, Reason Why) : Reason
{
    public override string Text => $"lingers until {Until:u}: {Why}";

    public override Subject? Cause => Why.Cause;
}

/// <summary>Another vip has one of its addresses, and is written first.</summary>
/// <param name="Address">That both have.</param>
/// <param name="Vip">The other one, which decides where and how it stands.</param>
/// <param name="Why">The vip is as it is otherwise.</param>
public sealed record SharesAddress(IPAddress Address, string Vip, Reason Why) : Reason
{
    public override string Text => $"{Why}; {Address} stands as vip {Vip} says";

    public override Subject? Cause => Why.Cause;
}
