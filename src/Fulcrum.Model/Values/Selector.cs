namespace Fulcrum.Model.Values;

public enum SelectorOperator
{
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

/// <summary>One condition on a label. <see cref="Values"/> is empty for the two existence operators.</summary>
public sealed record SelectorTerm(string Key, SelectorOperator Operator, Items<string> Values)
{
    public bool Matches(Labels labels) =>
        Operator switch
        {
            SelectorOperator.In => labels[Key] is { } value && Values.Contains(value),
            SelectorOperator.NotIn => labels[Key] is not { } value || !Values.Contains(value),
            SelectorOperator.Exists => labels.Has(Key),
            _ => !labels.Has(Key),
        };
}

/// <summary>A question over labels: all terms must hold. No term: everything matches (Kubernetes' reading).</summary>
public sealed record Selector(Items<SelectorTerm> Terms)
{
    public static Selector Everything { get; } = new(Items<SelectorTerm>.Empty);

    public bool Matches(Labels labels)
    {
        foreach (var term in Terms)
        {
            if (!term.Matches(labels))
            {
                return false;
            }
        }

        return true;
    }
}
