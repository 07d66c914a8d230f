using System.Text.Json.Nodes;
using Fulcrum.Configuration;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Planning;

/// <summary>Goes down two objects side by side to the fields that differ.</summary>
/// <param name="root">The keys that lead to the object in the language.</param>
internal sealed class FieldWalk(IReadOnlyList<string> root)
{
    private readonly List<FieldChange> _changes = [];
    private readonly List<PathSegment> _path = [];

    public static Items<FieldChange> Of(IReadOnlyList<string> root, JsonNode? before, JsonNode? after)
    {
        var walk = new FieldWalk(root);
        walk.Compare(before, after);
        return Items.From(walk._changes);
    }

    private void Compare(JsonNode? before, JsonNode? after)
    {
        if (JsonNode.DeepEquals(before, after))
        {
            return;
        }

        var found = _changes.Count;
        if (before is null or JsonObject && after is null or JsonObject)
        {
            CompareKeys(before as JsonObject ?? [], after as JsonObject ?? []);
        }
        else if (before is JsonArray old && after is JsonArray now && old.Count == now.Count && HoldsObjects(old, now))
        {
            for (var i = 0; i < old.Count; i++)
            {
                Step(new(null, i), old[i], now[i]);
            }
        }

        if (_changes.Count == found)
        {
            _changes.Add(new(new ModelPath(Items.From(_path)).ToString(), TextOf(before), TextOf(after)));
        }
    }

    private void CompareKeys(JsonObject before, JsonObject after)
    {
        foreach (var (key, old) in before)
        {
            Step(new(key, 0), old, after[key]);
        }

        foreach (var (key, now) in after)
        {
            if (!before.ContainsKey(key))
            {
                Step(new(key, 0), null, now);
            }
        }
    }

    private void Step(PathSegment segment, JsonNode? before, JsonNode? after)
    {
        _path.Add(segment);
        Compare(before, after);
        _path.RemoveAt(_path.Count - 1);
    }

    private static bool HoldsObjects(JsonArray one, JsonArray other) =>
        one.Concat(other).Any(item => item is JsonObject);

    private string? TextOf(JsonNode? value)
    {
        var keys = _path.Select(segment => segment.Key).OfType<string>();
        return FieldText.Of(value ?? NativeLanguage.DefaultOf([.. root, .. keys]), _path);
    }
}
