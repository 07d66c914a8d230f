using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>
/// What each member weighs now. One that comes back gets its weight by steps of time (slow start) or by its share of
/// good results (history, GORB's way); scores are multiplied on. Where that can happen all weights of the upstream are
/// in hundredths, so that a part of a small weight is not lost and one member's way back changes no other's number.
/// </summary>
internal sealed class Recovering(UpstreamContext context, DerivedUpstream? previous, DateTimeOffset now)
{
    private const int Hundredths = 100;

    private readonly Recovery _recovery = context.Upstream.Recovery ?? Immediately;

    /// <summary>Others served before this decision, so that somebody new comes to them.</summary>
    private readonly bool _isJoining = previous is { Serves: true };

    private static Recovery Immediately { get; } = new();

    public void Set(List<Member> members)
    {
        var scale = _recovery.Mode != RecoveryMode.Immediate || HasScores(members) ? Hundredths : 1;
        foreach (var member in members)
        {
            member.Weight = member.Position.Weight * scale;
            member.RecoveringSince = SinceWhen(member);
            if (member.Duty == BackendDuty.Serve)
            {
                Weigh(member);
            }
        }
    }

    private DateTimeOffset? SinceWhen(Member member)
    {
        var (past, health) = (member.Past, member.Health);
        switch (_recovery.Mode)
        {
            case RecoveryMode.SlowStart when member.IsAble:
                var since =
                    past is null ? context.Remembered(member)?.RecoveringSince ?? (_isJoining ? now : null)
                    : past.Memory.WasDown ? now
                    : past.Memory.RecoveringSince;
                return since is { } start && !Ramp.IsOver(start, _recovery.Ramp, now) ? start : null;
            case RecoveryMode.History when health is { Verdict: not Verdict.Unhealthy, GoodShare: < 1 }:
                return past is null ? context.Remembered(member)?.RecoveringSince
                    : past.Fact.Verdict == Verdict.Unhealthy ? now
                    : past.Memory.RecoveringSince;
            default:
                return null;
        }
    }

    private void Weigh(Member member)
    {
        if (member.RecoveringSince is { } since)
        {
            var full = member.Weight;
            if (_recovery.Mode == RecoveryMode.SlowStart)
            {
                var step = Ramp.StepAt(since, _recovery.Ramp, now);
                member.Weight = full / Ramp.Steps * step;
                member.Wake(Ramp.EndOf(step, since, _recovery.Ramp));
            }
            else
            {
                member.Weight = (int)(full * member.Health.GoodShare!.Value);
            }

            member.Reason = new ComingBack(member.Reason, (int)(100L * member.Weight / full));
        }

        member.Weight = Math.Max(1, (int)(member.Weight * (member.Health.Score ?? 1)));
    }

    private bool HasScores(List<Member> members)
    {
        foreach (var check in context.View.Policy.Checks)
        {
            if (check.Probe is AgentProbe)
            {
                return true;
            }
        }

        return members.Exists(member => member.Health.Score is not null);
    }
}
