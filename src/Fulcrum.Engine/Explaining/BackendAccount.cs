using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Explaining;

internal static class BackendAccount
{
    public static Account? Of(DerivedState state, Subject subject)
    {
        if (Membership.Find(state, subject.Name) is not { } member)
        {
            return null;
        }

        var account = member.Seen.Count == 0 ? Undecided(subject, member) : Decided(subject, member);
        return account with { Parts = Items.From(Decisions(state, member).Concat(Checks(state, member))) };
    }

    private static Account Undecided(Subject subject, Membership member) =>
        member.Configured!.Status == BackendStatus.Planned
            ? new()
            {
                Subject = subject,
                State = "planned",
                Reasons = ["it gets no traffic and counts nowhere, as its configuration says"],
            }
            : new()
            {
                Subject = subject,
                State = "unused",
                Reasons = ["no service that is on leads to its upstream"],
                Causes = [new(SubjectKind.Upstream, member.Upstream)],
            };

    private static Account Decided(Subject subject, Membership member)
    {
        // What hinders most stands for all.
        var worst = member.Seen.MaxBy(seen => (seen.Plane.Duty, seen.Fact.Verdict != Verdict.Healthy))!;
        var ends = member.Seen.Max(seen => seen.Plane.DrainUntil);
        var lines = Sight.Lines(member.Seen.Select(seen => (seen.Sight, seen.Word, seen.Fact.Reason.Text)));
        return new()
        {
            Subject = subject,
            State = worst.Word,
            Reasons = ends is { } time ? lines.Add($"what is established ends at {Words.Of(time)}") : lines,
            Causes = Items.From(member.Seen.Select(seen => seen.Fact.Reason.Cause).OfType<Subject>().Distinct()),
        };
    }

    private static IEnumerable<Part> Decisions(DerivedState state, Membership member)
    {
        var address = member.Seen.Select(seen => seen.Plane.Address).FirstOrDefault() ?? member.Configured?.Address.Ip;
        return OverrideAccount
            .About(state, OverrideTargetKind.Backend, $"{member.Upstream}/{member.Id}")
            .Concat(address is null ? [] : OverrideAccount.About(state, OverrideTargetKind.Host, address.ToString()))
            .Concat(OverrideAccount.About(state, OverrideTargetKind.Upstream, member.Upstream));
    }

    private static IEnumerable<Part> Checks(DerivedState state, Membership member) =>
        Asked
            .Of(state, member)
            .GroupBy(asked => asked.Check.Id, StringComparer.Ordinal)
            .Select(check => new Part(
                new(SubjectKind.Check, $"{member.Upstream}/{member.Id}/{check.Key}"),
                check.Any(asked => asked.Health.Verdict != Verdict.Healthy)
            ));
}
