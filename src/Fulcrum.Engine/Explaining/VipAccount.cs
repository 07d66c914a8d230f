using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Explaining;

internal static class VipAccount
{
    public static Account? Of(DerivedState state, Subject subject)
    {
        if (state.Vips[subject.Name] is not { } vip)
        {
            return null;
        }

        var services = vip.Services.Select(name => new Part(
            new(SubjectKind.Service, name),
            state.Services[name] is not { Verdict: Verdict.Healthy, Leaving: false }
        ));
        return new()
        {
            Subject = subject,
            State = Words.Of(vip.State),
            Reasons = Items.From(
                vip.Vip.Addresses.Select(address => TextOf(state, address.Address)).Prepend(vip.Reason.Text)
            ),
            Causes = vip.Reason.Cause is { } cause ? [cause] : [],
            Parts = Items.From(services),
        };
    }

    /// <summary>The vips that have the address.</summary>
    public static bool Has(DerivedVip vip, IPAddress address) =>
        vip.Vip.Addresses.Any(at => at.Address.Equals(address));

    private static string TextOf(DerivedState state, IPAddress address)
    {
        var observed = state.Inputs.Observed;
        var told = observed
            .Announcements.Values.Where(one =>
                one.Phase == AnnouncementPhase.Announce && one.Key.Address.Equals(address)
            )
            .Select(one => one.Key.Announcement)
            .Order(StringComparer.Ordinal)
            .ToList();
        return $"{address} {(observed.Addresses.ContainsKey(address) ? "stands" : "does not stand")}"
            + (told.Count == 0 ? "" : $", announced by {string.Join(", ", told)}");
    }
}
