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

    public Map<IPAddress, RaisedAddress> Addresses { get; init; } = Map<IPAddress, RaisedAddress>.Empty;

    public Map<AnnouncementKey, AnnouncedAddress> Announcements { get; init; } =
        Map<AnnouncementKey, AnnouncedAddress>.Empty;
}
