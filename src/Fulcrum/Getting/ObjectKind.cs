using System.Text.Json.Nodes;
using Fulcrum.Output;

namespace Fulcrum.Getting;

/// <summary>A kind of objects that can be got: what it is called, where the node has it, and how people see it.</summary>
/// <param name="one">The word for one of them, <c>service</c>.</param>
/// <param name="many">The word for several, and their place in the API.</param>
internal abstract class ObjectKind(string one, string many)
{
    public string One => one;

    public string Many => many;

    /// <summary>Its list takes a selector.</summary>
    public bool HasLabels { get; init; }

    /// <summary>Further keys of the query that ask for some of them.</summary>
    public IReadOnlyList<string> Filters { get; init; } = [];

    /// <summary>One of them has a place of its own, below that of the list.</summary>
    public bool HasPages { get; init; }

    public abstract IReadOnlyList<Column> Columns { get; }

    /// <summary>The key of the query that asks for one name, or for a group, where the list has such a key.</summary>
    public string? NameFilter { get; init; }

    /// <summary>All its names, the first of them what it is listed by.</summary>
    public abstract IReadOnlyList<string> NamesOf(JsonNode item);

    /// <summary>Its line in the list.</summary>
    public abstract IReadOnlyList<Cell> Row(JsonNode item, Look look);

    /// <summary>What tells whether anything happened to it.</summary>
    public abstract string Mark(JsonNode item, Look look);

    /// <summary>All that is to be said of one.</summary>
    public abstract string Page(JsonNode item, Look look);

    /// <summary>How many parts of the path its name is.</summary>
    public int NameParts { get; init; } = 1;

    /// <summary>Where the one of that name is. Null: no such name can be, or it has no place of its own.</summary>
    public string? PathOf(string name)
    {
        // A slash within the last part is no more than that.
        var parts = name.Split('/', NameParts);
        return HasPages && parts.Length == NameParts && parts.All(part => part.Length > 0)
            ? $"/api/v1/{many}/{string.Join('/', parts.Select(Uri.EscapeDataString))}"
            : null;
    }

    public Table TableOf(IEnumerable<JsonNode> items, Look look)
    {
        var table = new Table(Columns);
        foreach (var item in items)
        {
            table.Add(Row(item, look));
        }

        return table;
    }

    public override string ToString() => many;
}
