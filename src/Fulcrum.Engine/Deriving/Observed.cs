using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving;

/// <summary>
/// What the adapters really have. An input of deciding, so that order across adapters needs no back door: a vip is
/// wanted when its service is programmed here, an announcement when its address stands here, and in reverse.
/// </summary>
public sealed record Observed
{
    public static Observed Nothing { get; } = new();

    /// <summary>The table that each plane works by.</summary>
    public Map<PlaneKind, PlaneTable> Planes { get; init; } = Map<PlaneKind, PlaneTable>.Empty;

    /// <summary>
    /// All that may stand: also one that is just being raised or lowered. Clients are led only to those that stand for
    /// certain, and services wait until there is none.
    /// </summary>
    public Map<IPAddress, RaisedAddress> Addresses
    {
        get => OfAddresses.Objects;
        init => OfAddresses = new(value, Map<IPAddress, RaisedAddress>.Empty);
    }

    /// <summary>All that may be made: also one that is just being made or taken back.</summary>
    public Map<AnnouncementKey, AnnouncedAddress> Announcements
    {
        get => OfAnnouncements.Objects;
        init => OfAnnouncements = new(value, Map<AnnouncementKey, AnnouncedAddress>.Empty);
    }

    internal Sighting<IPAddress, RaisedAddress> OfAddresses { get; init; } = Sighting<IPAddress, RaisedAddress>.Nothing;

    internal Sighting<AnnouncementKey, AnnouncedAddress> OfAnnouncements { get; init; } =
        Sighting<AnnouncementKey, AnnouncedAddress>.Nothing;
}
