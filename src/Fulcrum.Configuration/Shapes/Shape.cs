using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Fulcrum.Configuration.Nodes;

namespace Fulcrum.Configuration.Shapes;

/// <summary>
/// What a value looks like. The language is described once, as a tree of shapes; from
/// that one description come the reader with its error messages, the writer, the JSON schema and the reference page,
/// so they cannot disagree.
/// </summary>
internal abstract class Shape
{
    /// <summary>What error messages and the reference page say is expected: "a duration such as 250ms, 2s or 5m".</summary>
    public abstract string Expected { get; }

    /// <summary>JSON schema (draft 2020-12) of every text that this shape reads.</summary>
    public abstract JsonObject Schema(SchemaBuilder builder);

    /// <summary>The shapes inside, for those who walk the description.</summary>
    public virtual IEnumerable<Shape> Parts => [];
}

internal abstract class Shape<T> : Shape
{
    /// <summary>The value, or false after the problem was reported to the context.</summary>
    public abstract bool TryRead(ConfigNode node, ReadContext context, [MaybeNullWhen(false)] out T value);

    /// <summary>A node that reads back as an equal value.</summary>
    public abstract ConfigNode Write(T value);
}
