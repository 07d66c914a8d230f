using Fulcrum.Engine.Ports;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Routing;

/// <summary>
/// The routes of a listener made ready, used by planes and by trace alike. The first route that matches is taken: it
/// rewrites what it has to, and then leads to a destination, to a rejection, or on to another list, from which nothing
/// leads back. What no route takes is refused.
/// </summary>
public sealed class RouteTable
{
    private readonly Entry[] _entries;

    public RouteTable(Items<PlaneRoute> routes)
    {
        _entries = [.. routes.Select(route => new Entry(route))];
        AsksForHello = _entries.Any(entry => entry.AsksForHello);
        AsksForFields = _entries.Any(entry => entry.AsksForFields);
    }

    /// <summary>Some route cannot be judged before the client's TLS hello was read.</summary>
    public bool AsksForHello { get; }

    /// <summary>Some route asks for fields of the metadata, or writes them.</summary>
    public bool AsksForFields { get; }

    /// <summary>The route that is taken in the end; null: none matches.</summary>
    public PlaneRoute? Choose(in SessionFacts facts)
    {
        foreach (var entry in _entries)
        {
            if (entry.Matcher is null || entry.Matcher.Matches(facts))
            {
                entry.Rewrite(facts.Metadata);
                return entry.Further is { } further ? further.Choose(facts) : entry.Route;
            }
        }

        return null;
    }

    private sealed class Entry
    {
        private readonly (string Field, MetadataValue? Value)[] _rewrites;

        public Entry(PlaneRoute route)
        {
            Route = route;
            Matcher = route.Match is { } match ? new(match) : null;
            Further = route.Action is PlaneGoto further ? new(further.Routes) : null;
            _rewrites = [.. route.Rewrite.Select(Ready)];
        }

        public PlaneRoute Route { get; }

        public SessionMatcher? Matcher { get; }

        public RouteTable? Further { get; }

        public bool AsksForHello => Matcher is { AsksForHello: true } || Further is { AsksForHello: true };

        public bool AsksForFields =>
            _rewrites.Length > 0 || Matcher is { AsksForFields: true } || Further is { AsksForFields: true };

        public void Rewrite(Metadata? metadata)
        {
            foreach (var (field, value) in _rewrites)
            {
                if (value is null)
                {
                    metadata?.Remove(field);
                }
                else
                {
                    _ = metadata?.Write(field, value);
                }
            }
        }

        private static (string, MetadataValue?) Ready(Rewrite rewrite) =>
            (rewrite.Field, rewrite.Value is { } value ? new MetadataValue.Text(value) : null);
    }
}
