namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>
/// Decides which members of an upstream get traffic, and whether they are enough.
/// <para>
/// A member serves when configuration, source and operators want it, it has an address, none of its checks says no,
/// its traffic did not put it out, it has weight, its priority is needed and the upstream is above its mark. Each of
/// these is a rule in a file of its own; they are applied in this order, each to what the former have found, and the
/// first that says no is the reason. What was decided before matters only where a rule says so (<see cref="UpstreamMemory"/>):
/// the marks, the ramps, the deadlines of drains and the ejections.
/// </para>
/// <para>
/// Unknown is not unhealthy: a backend that was never asked is used, so that adding a check takes nothing down, but it
/// raises no address either. A decision without news is the former object.
/// </para>
/// </summary>
internal static class UpstreamDerivation
{
    public static DerivedUpstream Derive(UpstreamContext context, DerivedUpstream? previous, DateTimeOffset now)
    {
        var members = Roster.Of(context, previous, now);
        var numbering = new Numbering(context, context.Numbers.Take, now);
        var checking = new Checking(context, numbering);
        foreach (var member in members)
        {
            MemberSwitch.Set(context, member, now);
            numbering.Set(member);
            checking.Set(member);
        }

        Ejecting.Set(context, members, now);
        var election = Electing.Hold(context, members, previous?.Memory ?? UpstreamMemory.Of(context));
        foreach (var member in members)
        {
            Duties.Set(member, election);
        }

        new Recovering(context, previous, now).Set(members);
        return Outcome.Of(context, members, election, previous, now);
    }
}
