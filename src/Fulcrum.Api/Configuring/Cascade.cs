using Fulcrum.Engine.Sources;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Values;

namespace Fulcrum.Api.Configuring;

/// <summary>
/// What a service's short forms made goes with it: the upstream, the vip and the announcements that are named after it,
/// where they are the API's and nobody else leads to them.
/// </summary>
internal static class Cascade
{
    public static IReadOnlyList<ObjectChange> Of(SourceBook book, ObjectChange removal)
    {
        if (removal.Key.Kind != "services")
        {
            return [removal];
        }

        var (content, name) = (book.ContentOf(Source.Api), removal.Key.Name);
        List<ObjectChange> all = [removal];
        foreach (var kind in (string[])["announcements", "vips", "upstreams"])
        {
            var section = SnapshotSection.Find(kind)!;
            foreach (var item in section.Of(content).Where(item => IsOf(kind, item, name)))
            {
                List<ObjectChange> more = [.. all, ObjectChange.Remove(kind, item.Name) with { Before = item }];
                if (book.ChangeApi(more).Book is not null)
                {
                    all = more;
                }
            }
        }

        return all;
    }

    private static bool IsOf(string kind, INamed item, string service) =>
        kind == "announcements"
            ? item.Name.StartsWith(service + "-", StringComparison.Ordinal)
                && item.Name[(service.Length + 1)..] is "neighbor" or "vrrp" or "bgp" or "route"
            : item.Name == service;
}
