using System.Net;
using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Vips;

/// <summary>Everything decided about vips, the addresses that they raise, and their announcements.</summary>
internal sealed record VipSection
{
    public static VipSection Initial { get; } = new();

    public Map<string, DerivedVip> Vips { get; init; } = Map<string, DerivedVip>.Empty;

    public Map<IPAddress, RaisedAddress> Addresses { get; init; } = Map<IPAddress, RaisedAddress>.Empty;

    public Map<AnnouncementKey, AnnouncedAddress> Announcements { get; init; } =
        Map<AnnouncementKey, AnnouncedAddress>.Empty;

    /// <summary>What each vip of the snapshot wants.</summary>
    public Map<string, VipClaim> Claims { get; init; } = Map<string, VipClaim>.Empty;

    /// <summary>What was made of it for each address, and what is remembered of those that stand.</summary>
    public Map<IPAddress, DerivedAddress> Decided { get; init; } = Map<IPAddress, DerivedAddress>.Empty;

    public VipIndex Index { get; init; } = VipIndex.Empty;

    public Selections Selections { get; init; } = Selections.None;

    public NodeStance? Node { get; init; }

    public Wakes<IPAddress> Lingering { get; init; } = Wakes<IPAddress>.None;

    public DateTimeOffset? WakeAt =>
        Node?.WakeAt is { } node && !(Lingering.Earliest < node) ? node : Lingering.Earliest;

    /// <summary>Decides anew what the differences between the two inputs and the two sets of services touch.</summary>
    public VipSection Next(
        EngineInputs before,
        EngineInputs inputs,
        Map<string, DerivedService> servicesBefore,
        Map<string, DerivedService> services,
        DateTimeOffset now
    )
    {
        var news = new VipNews(this, before, inputs);
        news.OfNode(now);
        news.OfSnapshot();
        news.OfServices(servicesBefore, services);
        news.OfRoles();
        news.OfPlanes(services);
        news.OfAddresses(now);
        return news.Vips.Count + news.Addresses.Count == 0
            ? news.Section
            : new VipDecision(news.Section, inputs, services).Decide(news.Vips, news.Addresses, now);
    }
}
