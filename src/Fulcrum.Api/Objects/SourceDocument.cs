using Fulcrum.Api.Problems;

namespace Fulcrum.Api.Objects;

/// <summary>Where objects come from, and what of it nobody gets.</summary>
public sealed record SourceDocument
{
    /// <summary><c>file /etc/fulcrum/fulcrum.yaml</c>, <c>the API</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>file</c>, <c>api</c>, <c>kubernetes</c> or <c>discovery</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>How many objects it brings, by kind; quarantined ones too.</summary>
    public required IReadOnlyDictionary<string, int> Objects { get; init; }

    /// <summary>What it brings and is not in, and why.</summary>
    public required IReadOnlyList<QuarantineDocument> Quarantined { get; init; }
}

/// <param name="Object">As <c>KIND/NAME</c>.</param>
public sealed record QuarantineDocument(string Object, IReadOnlyList<ProblemEntry> Problems);
