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

    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>Decides anew what the differences between the two inputs and the two sets of services touch.</summary>
    public VipSection Next(
        EngineInputs before,
        EngineInputs inputs,
        Map<string, DerivedService> servicesBefore,
        Map<string, DerivedService> services,
        DateTimeOffset now
    ) => this;
}
