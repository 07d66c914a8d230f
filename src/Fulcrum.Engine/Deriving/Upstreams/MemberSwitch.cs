using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>
/// Whether a member is on, and its weight: what configuration and source say, unless an operator says otherwise.
/// Disabling by an operator ends what is established; every other way out lets it finish until the deadline.
/// </summary>
internal static class MemberSwitch
{
    private const int MaxWeight = 65535;

    public static void Set(UpstreamContext context, Member member, DateTimeOffset now)
    {
        var decisions = Decisions.About(
            context.Inputs.Overrides,
            context.Upstream.Name,
            member.Id,
            member.Address,
            now
        );
        member.Wake(decisions.Expires);
        var position = new Position
        {
            Weight = Math.Clamp(decisions.Weight?.Weight ?? member.Backend.Weight, 0, MaxWeight),
            WeightBy = decisions.Weight,
        };
        member.Position = WhyOff(member, decisions.Switch) is not { } off
            ? position
            : Drain(position, off, member, context.View.Drain.Deadline, now);
    }

    private static Reason? WhyOff(Member member, Override? decision) =>
        decision?.Action == OverrideAction.Disable ? new Overridden(decision)
        : member.RemovedSince is not null ? new MemberRemoved()
        : decision?.Action == OverrideAction.Drain ? new Overridden(decision)
        : member.Backend.Status == BackendStatus.Disabled && decision is null ? new MemberDisabled()
        : member.Backend.State == BackendState.Terminating ? new MemberTerminating()
        : null;

    // An operator's drain runs from his word, any other from when the member was first seen so.
    private static Position Drain(Position position, Reason off, Member member, TimeSpan deadline, DateTimeOffset now)
    {
        var word = (off as Overridden)?.Decision;
        var since = member.RemovedSince ?? word?.Since ?? member.Past?.Memory.DrainingSince ?? now;
        var isCut = word is { Action: OverrideAction.Disable };
        var until = isCut ? word!.Since : since + deadline;
        // One that is gone goes for good at its deadline, even if its sessions were ended before.
        var change = member.RemovedSince + deadline ?? until;
        member.Wake(change > now ? change : null);
        return position with { Off = off, DrainingSince = since, DrainUntil = until, IsCut = isCut };
    }
}
