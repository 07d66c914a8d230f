using Fulcrum.Model.Announcements;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration.Language;

/// <summary>A service as it is written: it may bring an upstream and announcements of its own.</summary>
internal sealed record ServiceOptions
{
    public Service Service { get; init; } = new() { Name = "" };

    /// <summary>What of an upstream stands in the service itself.</summary>
    public Upstream Inline { get; init; } = UpstreamShape.Blank;

    /// <summary>Of a vip of the service's own.</summary>
    public Items<Announcement> Announce { get; init; }
}
