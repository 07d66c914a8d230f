using System.Text.Json.Nodes;

namespace Fulcrum.Examining;

/// <summary>What was found, for programs.</summary>
internal static class DoctorDocument
{
    public static JsonObject Of(string? file, MachineFacts facts, IReadOnlyList<Thing> things) =>
        new()
        {
            ["file"] = file,
            ["kernel"] = facts.Kernel,
            ["user"] = facts.User,
            ["lacking"] = things.Count(thing => thing.State == ThingState.Lacking),
            ["items"] = new JsonArray([.. things.Select(Of)]),
        };

    private static JsonNode Of(Thing thing)
    {
        var item = new JsonObject
        {
            ["name"] = thing.Name,
            ["state"] = DoctorText.WordOf(thing.State),
            ["found"] = thing.Found,
            ["needed-by"] = new JsonArray([.. thing.NeededBy.Select(who => JsonValue.Create(who))]),
        };
        if (thing.Mend is { } mend)
        {
            item["mend"] = mend;
        }

        return item;
    }
}
