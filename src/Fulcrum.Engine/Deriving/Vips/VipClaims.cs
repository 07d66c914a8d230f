using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Engine.Deriving.Vips;

/// <summary>
/// Decides what a vip wants. Its node must take part, its services must be good enough, the role must be this node's,
/// and the planes must carry what clients will ask for, in this order, which is also that of the reasons.
/// </summary>
internal static class VipClaims
{
    /// <param name="inputs">Of them the roles, and what the planes have.</param>
    /// <param name="vip">To decide about.</param>
    /// <param name="services">Those on it, by name.</param>
    /// <param name="selecting">The announcements that select it, on whatever node, by name.</param>
    /// <param name="node">This one.</param>
    public static VipClaim Of(
        EngineInputs inputs,
        Vip vip,
        IReadOnlyList<DerivedService> services,
        IReadOnlyList<Announcement> selecting,
        NodeStance node
    )
    {
        var here = selecting.Where(announcement => node.IsMeantBy(announcement.Nodes)).ToList();
        var (role, whyRole) = RoleOf(inputs, vip, selecting, here, node);
        var (verdict, reason) = node.Off is { } off ? (Verdict.Unhealthy, off) : UpRule.Of(vip.UpWhen, services);
        var claim =
            role != Role.Active ? Claim.Leave
            : verdict == Verdict.Unhealthy ? Claim.Withdraw
            : verdict == Verdict.Unknown ? Claim.Keep
            : Claim.Raise;
        if (verdict != Verdict.Unhealthy && whyRole is not null)
        {
            reason = whyRole;
        }
        else if (claim == Claim.Raise && UpRule.AwaitedOf(vip.UpWhen, services, inputs.Observed.Planes) is { } awaited)
        {
            claim = Claim.Keep;
            reason = new WaitsForPlane(awaited.Carrier!.Value, awaited.Service.Name);
        }

        return new()
        {
            Vip = vip,
            Claim = claim,
            Verdict = verdict,
            Role = role,
            Services = Items.From(services.Select(service => service.Service.Name)),
            Announcements = Items.From(here.Select(announcement => SelectedBy(inputs, announcement))),
            Reason = reason,
        };
    }

    private static SelectedBy SelectedBy(EngineInputs inputs, Announcement announcement) =>
        new(announcement, !Selections.Elects(announcement.Spec) || Held(inputs, announcement) == Role.Active);

    /// <summary>What this node is for it, and why, unless it is active.</summary>
    private static (Role Role, Reason? Why) RoleOf(
        EngineInputs inputs,
        Vip vip,
        IReadOnlyList<Announcement> selecting,
        IReadOnlyList<Announcement> here,
        NodeStance node
    )
    {
        if (vip.Active == ActiveOn.EveryNode)
        {
            return (Role.Active, null);
        }

        if (selecting.FirstOrDefault(announcement => Selections.Elects(announcement.Spec)) is not { } elsewhere)
        {
            return node.Preferred is { } preferred && preferred != node.Name
                ? (Role.Standby, new NothingElects(preferred))
                : (Role.Active, null);
        }

        var electing = here.Where(announcement => Selections.Elects(announcement.Spec)).ToList();
        if (electing.Exists(announcement => Held(inputs, announcement) == Role.Active))
        {
            return (Role.Active, null);
        }

        if (electing.Count == 0)
        {
            return (Role.Standby, new NotACandidate(elsewhere.Name));
        }

        var fenced = electing.Find(announcement => Held(inputs, announcement) == Role.Fenced);
        var role = fenced is null ? Role.Standby : Role.Fenced;
        return (role, new RoleIs(role, (fenced ?? electing[0]).Name));
    }

    // Who has not been told anything is standby: nothing is raised before somebody was elected.
    private static Role Held(EngineInputs inputs, Announcement announcement) =>
        inputs.Roles[announcement.Name]?.Role ?? Role.Standby;
}
