using System.Text.Json.Nodes;
using Fulcrum.Configuration;
using Fulcrum.Model;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Planning;

/// <summary>
/// Names the fields in which objects differ. They are compared as the language writes them, so that what people read
/// here is what they would write; only the objects that differ are written for that.
/// </summary>
internal static class FieldComparison
{
    private const string Backends = "backends";
    private const string Upstreams = "upstreams";

    public static Items<FieldChange> Of(Change change, Snapshot before, Snapshot after)
    {
        if (change.Kind != ChangeKind.Changed)
        {
            return [];
        }

        if (change is { Before: Backend was, After: Backend now })
        {
            return FieldWalk.Of([Upstreams, "", Backends], Written(was), Written(now));
        }

        if (change is { Before: INamed old, After: INamed item })
        {
            return FieldWalk.Of([change.ObjectKind, change.Name], Written(old), Written(item));
        }

        var single = SnapshotSingle.All.First(part => part.Key == change.ObjectKind);
        return FieldWalk.Of([single.Key], Written(single, before), Written(single, after));
    }

    private static JsonNode? Written(SnapshotSingle single, Snapshot snapshot) =>
        SnapshotWriter.ToJsonObject(single.With(Snapshot.Empty, snapshot))[single.Key];

    private static JsonNode? Written(INamed item)
    {
        var section = SnapshotSection.KindOf(item);
        // Its backends are objects of their own here.
        var alone = item is Upstream upstream ? upstream with { Backends = [] } : item;
        return SnapshotWriter.ToJsonObject(section.With(Snapshot.Empty, alone))[section.Key]![item.Name];
    }

    // Alone and with nothing but an address it is written as one word, which hides what it has in common.
    private static JsonNode? Written(Backend backend)
    {
        var upstream = new Upstream { Name = "one", Backends = [backend] };
        var whole = Snapshot.Empty with { Upstreams = Named<Upstream>.From([upstream]) };
        return SnapshotWriter.ToJsonObject(whole)[Upstreams]![upstream.Name]![Backends] switch
        {
            JsonArray { Count: 1 } list => list[0],
            JsonObject full => full,
            var word => new JsonObject { ["address"] = word?.DeepClone() },
        };
    }
}
