using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Fulcrum.Configuration.Nodes;

namespace Fulcrum.Configuration.Shapes;

/// <summary>
/// An object that may be written as less: a word, a number or a list that stands for it. Which form it is shows in
/// the kind of node, so there is only one reading.
/// </summary>
/// <param name="contract">The short value, when it says all that the long one does.</param>
internal sealed class ShortShape<T, TShort>(
    Shape<T> full,
    Shape<TShort> brief,
    Func<TShort, T> expand,
    Func<T, (bool IsShort, TShort Value)> contract
) : Shape<T>
    where T : notnull
{
    public override string Expected => $"{brief.Expected}, or {full.Expected}";

    public override IEnumerable<Shape> Parts => [brief, full];

    public override bool TryRead(ConfigNode node, ReadContext context, [MaybeNullWhen(false)] out T value)
    {
        if (node is MappingNode or ScalarNode { IsNull: true })
        {
            return full.TryRead(node, context, out value);
        }

        value = default;
        if (node is SequenceNode && brief is ScalarShape<TShort>)
        {
            return context.Fail(node, this);
        }

        if (!brief.TryRead(node, context, out var read))
        {
            return false;
        }

        value = expand(read);
        return true;
    }

    public override ConfigNode Write(T value) =>
        contract(value) is (true, var little) && EqualityComparer<T>.Default.Equals(expand(little), value)
            ? brief.Write(little)
            : full.Write(value);

    public override JsonObject Schema(SchemaBuilder builder) =>
        SchemaBuilder.AnyOf(brief.Schema(builder), full.Schema(builder));
}

/// <summary><c>true</c> stands for the object with its defaults, <c>false</c> for none.</summary>
internal sealed class SwitchShape<T>(ObjectShape<T> full) : Shape<T?>
    where T : class
{
    public override string Expected => $"true, false, or {full.Expected}";

    public override IEnumerable<Shape> Parts => [full];

    public override bool TryRead(ConfigNode node, ReadContext context, [MaybeNullWhen(false)] out T? value)
    {
        if (node is ScalarNode { IsNull: false } scalar)
        {
            value = scalar.Text == "true" ? full.Blank : null;
            return scalar.Text is "true" or "false" || context.Fail(node, this);
        }

        return full.TryRead(node, context, out value);
    }

    public override ConfigNode Write(T? value) =>
        value is null || value.Equals(full.Blank) ? Scalars.Boolean.Write(value is not null) : full.Write(value);

    public override JsonObject Schema(SchemaBuilder builder) =>
        SchemaBuilder.AnyOf(Scalars.Boolean.Schema(builder), full.Schema(builder));
}
