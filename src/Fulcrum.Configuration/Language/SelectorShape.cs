using System.Collections.Immutable;
using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration.Language;

/// <summary>
/// Questions over labels: <c>{ tier: web, rack: [a, b], env: { not: test }, gpu: { exists: true } }</c>. All must hold.
/// A list of such objects asks two questions of one label.
/// </summary>
internal static class SelectorShape
{
    private static readonly Shape<Condition> Value = new ObjectShape<Condition>(
        "label-condition",
        "Another question than: is it one of these values?",
        new Condition(SelectorOperator.In, [])
    )
        .Case(
            "not",
            Scalars
                .FreeText.List()
                .To(values => new Condition(SelectorOperator.NotIn, values), condition => condition.Values),
            condition => condition.Operator == SelectorOperator.NotIn ? condition : null,
            (_, condition) => condition,
            "It is absent, or none of these values."
        )
        .Case(
            "exists",
            Scalars.Boolean.To(
                exists => new Condition(exists ? SelectorOperator.Exists : SelectorOperator.DoesNotExist, []),
                condition => condition.Operator == SelectorOperator.Exists
            ),
            condition =>
                condition.Operator is SelectorOperator.Exists or SelectorOperator.DoesNotExist ? condition : null,
            (_, condition) => condition,
            "It is there, or it is not."
        )
        .Or(
            Scalars.FreeText.List(),
            values => new Condition(SelectorOperator.In, values),
            condition => condition.Values
        );

    private static readonly Shape<Items<SelectorTerm>> Terms = Value.Pairs(
        Scalars.Word,
        (key, condition) => new SelectorTerm(key, condition.Operator, condition.Values),
        term => term.Key,
        ConditionOf
    );

    public static Shape<Selector> Shape { get; } =
        new ListShape<Items<SelectorTerm>>(Terms) { UnwrapsObjects = true }.To(
            parts =>
                parts.All(part => part.IsEmpty)
                    ? Selector.Everything
                    : new Selector(Items.From(parts.SelectMany(part => part))),
            Split
        );

    private static Condition ConditionOf(SelectorTerm term) => new(term.Operator, term.Values);

    // A key stands once in an object, so a second question of the same label opens another object.
    private static Items<Items<SelectorTerm>> Split(Selector selector)
    {
        var parts = ImmutableArray.CreateBuilder<Items<SelectorTerm>>();
        var part = Items<SelectorTerm>.Empty;
        foreach (var term in selector.Terms)
        {
            if (part.Any(earlier => earlier.Key == term.Key))
            {
                parts.Add(part);
                part = [];
            }

            part = part.Add(term);
        }

        parts.Add(part);
        return new(parts.ToImmutable());
    }

    private sealed record Condition(SelectorOperator Operator, Items<string> Values);
}
