using Fulcrum.Engine.Planning;

namespace Fulcrum.Api.Changes;

/// <summary>What would change, field by field, and what that means for those who are being served.</summary>
public sealed record PlanDocument
{
    public required IReadOnlyList<PlannedChangeDocument> Changes { get; init; }

    public required IReadOnlyList<ConsequenceDocument> Consequences { get; init; }

    public static PlanDocument Of(PlanReport report) =>
        new()
        {
            Changes =
            [
                .. report.Changes.Select(change => new PlannedChangeDocument(
                    change.Kind.ToString().ToLowerInvariant(),
                    change.Object,
                    change.Name,
                    [.. change.Fields.Select(field => new FieldChangeDocument(field.Path, field.Before, field.After))]
                )),
            ],
            Consequences =
            [
                .. report.Consequences.Select(consequence => new ConsequenceDocument(
                    consequence.Subject.ToString(),
                    consequence.Part,
                    consequence.Effect.ToString().ToLowerInvariant(),
                    consequence.Text
                )),
            ],
        };
}

/// <param name="Kind"><c>added</c>, <c>removed</c> or <c>changed</c>.</param>
/// <param name="Object">The key of its section in the language.</param>
public sealed record PlannedChangeDocument(
    string Kind,
    string Object,
    string Name,
    IReadOnlyList<FieldChangeDocument> Fields
);

public sealed record FieldChangeDocument(string Path, string? Before, string? After);

/// <param name="Subject"><c>service/shop</c>.</param>
/// <param name="Part">Which listener or address of it; left out: the whole.</param>
/// <param name="Effect"><c>opens</c>, <c>closes</c>, <c>moves</c>, <c>stays</c>, <c>joins</c>, <c>drains</c>, <c>waits</c>, <c>rises</c>, <c>withdraws</c> or <c>announces</c>.</param>
public sealed record ConsequenceDocument(string Subject, string? Part, string Effect, string Text);
