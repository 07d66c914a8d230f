using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Explaining;

internal static class UpstreamAccount
{
    public static Account? Of(DerivedState state, Subject subject)
    {
        var sights = Sight.Of(state, subject.Name);
        if (sights.Count == 0)
        {
            return state.Inputs.Snapshot.Upstreams.Find(subject.Name) is null
                ? null
                : new()
                {
                    Subject = subject,
                    State = "unused",
                    Reasons = ["no service that is on leads there"],
                };
        }

        var upstreams = sights.Select(sight => sight.Upstream).ToList();
        return new()
        {
            Subject = subject,
            State = Words.Of(Verdicts.Worst(upstreams.Select(upstream => upstream.Verdict))),
            Reasons = Sight.Lines(
                sights.Select(sight => (sight, Words.Of(sight.Upstream.Verdict), sight.Upstream.Reason.Text))
            ),
            Causes = Items.From(upstreams.Select(upstream => upstream.Reason.Cause).OfType<Subject>().Distinct()),
            Parts = Items.From(
                OverrideAccount.About(state, OverrideTargetKind.Upstream, subject.Name).Concat(Members(sights))
            ),
        };
    }

    private static IEnumerable<Part> Members(IReadOnlyList<Sight> sights) =>
        sights
            .SelectMany(sight => sight.Upstream.Plane.Backends.Zip(sight.Upstream.Facts))
            .GroupBy(member => member.First.Id, StringComparer.Ordinal)
            .Select(member => new Part(
                Membership.SubjectOf(sights[0].View.Upstream, member.Key),
                member.Any(one => Membership.IsTroubled(one.First, one.Second))
            ));
}
