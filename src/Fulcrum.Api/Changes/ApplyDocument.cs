namespace Fulcrum.Api.Changes;

/// <summary>A change that is in force.</summary>
public sealed record ApplyDocument
{
    /// <summary>Grows by one with each change of what a plane is told.</summary>
    public required long Generation { get; init; }

    /// <summary>It is taken back then, unless <c>POST /api/v1/confirm</c> comes first.</summary>
    public DateTimeOffset? ConfirmBy { get; init; }

    /// <summary>Sentences for the operator.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}
