using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Engine.Deriving.Vips;

/// <summary>What a vip wants for its addresses.</summary>
internal enum Claim
{
    /// <summary>They shall stand.</summary>
    Raise,

    /// <summary>One that stands shall stay; none comes.</summary>
    Keep,

    /// <summary>They shall go in order: announcements first, then the linger.</summary>
    Withdraw,

    /// <summary>They shall go at once: another node has them, or may have.</summary>
    Leave,
}

/// <summary>What was decided about a vip before looking at how each of its addresses stands.</summary>
internal sealed record VipClaim
{
    public required Vip Vip { get; init; }

    public required Claim Claim { get; init; }

    /// <summary>What its services make of it; unhealthy when this node takes no part.</summary>
    public required Verdict Verdict { get; init; }

    public required Role Role { get; init; }

    /// <summary>Names, in order.</summary>
    public required Items<string> Services { get; init; }

    /// <summary>Those that select it on this node, by name.</summary>
    public required Items<SelectedBy> Announcements { get; init; }

    public required Reason Reason { get; init; }

    /// <summary>It wants the address now, given whether that stands.</summary>
    public bool Wants(bool stands) => Claim == Claim.Raise || (Claim == Claim.Keep && stands);

    /// <summary>The node may be elected for it: it could serve, or does until more is known.</summary>
    public bool IsCandidate(bool stands) => Verdict == Verdict.Healthy || (Verdict == Verdict.Unknown && stands);

    /// <summary>One of its addresses as it would have it.</summary>
    public RaisedAddress Raised(InterfaceAddress address) =>
        new(address, Vip.On, Vip.Lifetime)
        {
            IsOnEveryNode = Vip.Active == ActiveOn.EveryNode,
            Gateway = Vip.Gateways.FirstOrDefault(router => router.AddressFamily == address.Address.AddressFamily),
            IsShared =
                Vip.Active == ActiveOn.EveryNode
                || Announcements.Any(selected => Selections.Elects(selected.Announcement.Spec)),
        };
}

/// <summary>An announcement of a vip.</summary>
/// <param name="Announcement">Which.</param>
/// <param name="IsActive">It elects, and elected this node; or it elects nobody.</param>
internal sealed record SelectedBy(Announcement Announcement, bool IsActive);
