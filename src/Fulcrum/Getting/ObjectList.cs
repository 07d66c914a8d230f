using System.Text.Json.Nodes;

namespace Fulcrum.Getting;

/// <summary>What was found.</summary>
/// <param name="Document">As the node gave it.</param>
/// <param name="Items">The objects in it.</param>
/// <param name="More">So many were left out.</param>
/// <param name="IsOne">One was asked for by its name.</param>
internal sealed record ObjectList(JsonNode Document, IReadOnlyList<JsonNode> Items, int More, bool IsOne)
{
    /// <summary>Some of them, as a list of their own or as the one.</summary>
    public ObjectList Only(Func<JsonNode, bool> which, bool isOne)
    {
        var items = Items.Where(which).ToList();
        return isOne && items is [var one]
            ? new(one, items, 0, IsOne: true)
            : new(
                new JsonObject { ["items"] = new JsonArray([.. items.Select(item => item.DeepClone())]), ["more"] = 0 },
                items,
                0,
                IsOne: false
            );
    }
}
