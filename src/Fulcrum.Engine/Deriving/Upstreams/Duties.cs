using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>What becomes of a member, and the one reason that decides it: what weighs more comes first.</summary>
internal static class Duties
{
    public static void Set(Member member, Election election) =>
        (member.Duty, member.Reason) = member switch
        {
            { Position.Off: { } off } => (BackendDuty.Drain, off),
            { Hindrance: { } hindrance } => (BackendDuty.Rest, hindrance),
            _ when election.FailsOpen && member.CouldServe => (BackendDuty.Serve, new FailsOpen(member.Health.Reason)),
            { Health: { Verdict: Verdict.Unhealthy, Reason: var ill } } => (BackendDuty.Rest, ill),
            _ when election.IsAnybodyReady && !member.IsReady => (BackendDuty.Rest, new NotReady()),
            { Position: { Weight: 0, WeightBy: { } decision } } => (BackendDuty.Rest, new Overridden(decision)),
            { Position.Weight: 0 } => (BackendDuty.Rest, new NoWeight()),
            { Health: { Score: 0, Reason: var asks } } => (BackendDuty.Rest, asks),
            _ when election.Verdict == Verdict.Unhealthy => (BackendDuty.Rest, election.Reason),
            _ when member.Backend.Priority > election.LastPriority => (
                BackendDuty.Rest,
                new PriorityServes(election.LastPriority)
            ),
            _ => (BackendDuty.Serve, member.Health.Reason),
        };
}
