using System.Net;
using Fulcrum.Engine.Admission;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Hosts;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Explaining;

/// <summary>All memberships of one machine.</summary>
internal static class HostAccount
{
    public static Account? Of(DerivedState state, Subject subject)
    {
        if (!IPAddress.TryParse(subject.Name, out var address))
        {
            return null;
        }

        address = AddressBits.Of(address).ToIPAddress();
        var members = Memberships(state, address).ToList();
        var overrides = OverrideAccount.About(state, OverrideTargetKind.Host, address.ToString()).ToList();
        return members.Count + overrides.Count == 0
            ? null
            : new()
            {
                Subject = new(SubjectKind.Host, address.ToString()),
                State = $"serving in {members.Count(member => !member.IsTroubled)} of {members.Count}",
                Parts = Items.From(overrides.Concat(members)),
            };
    }

    private static IEnumerable<Part> Memberships(DerivedState state, IPAddress address)
    {
        var told = new HashSet<Subject>();
        foreach (var upstream in state.UpstreamSection.ByUpstream.Keys.Order(StringComparer.Ordinal))
        {
            var here = state
                .ViewsOf(upstream)
                .SelectMany(view => view.Plane.Backends.Zip(view.Facts))
                .Where(member => address.Equals(member.First.Address))
                .GroupBy(member => Membership.SubjectOf(upstream, member.First.Id));
            foreach (var member in here)
            {
                told.Add(member.Key);
                yield return new(member.Key, member.Any(one => Membership.IsTroubled(one.First, one.Second)));
            }
        }

        // Those that are only planned, or that no service leads to.
        foreach (var (upstream, backend) in new Host(address).MembershipsIn(state.Inputs.Snapshot))
        {
            var subject = Membership.SubjectOf(upstream.Name, backend.Id);
            if (told.Add(subject))
            {
                yield return new(subject, IsTroubled: true);
            }
        }
    }
}
