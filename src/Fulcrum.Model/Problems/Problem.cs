using System.Text;

namespace Fulcrum.Model.Problems;

public enum Severity
{
    /// <summary>The input is refused.</summary>
    Error,

    /// <summary>The input is taken, but something in it will not do what its writer may expect.</summary>
    Warning,
}

/// <summary>
/// One thing that is wrong with what a user wrote: where (text position and path of the object), what was found,
/// what was expected, and, where a near miss is likely, what was probably meant.
/// </summary>
public sealed record Problem
{
    public Severity Severity { get; init; } = Severity.Error;

    /// <summary>Where in the text, when the text is known: <c>edge.yaml:12:7</c>.</summary>
    public SourcePosition? Position { get; init; }

    /// <summary>Which object or field, in the words of the language: <c>services.web.listen[0]</c>. Empty: the whole.</summary>
    public string Path { get; init; } = "";

    /// <summary>One sentence without a full stop: "unknown key 'blance'".</summary>
    public required string Message { get; init; }

    /// <summary>What would have been right: "a duration such as 250ms, 2s or 5m".</summary>
    public string? Expected { get; init; }

    /// <summary>What was probably meant: "balance".</summary>
    public string? Suggestion { get; init; }

    /// <summary>The line people read: <c>edge.yaml:12:7: services.web: unknown key 'blance'; did you mean 'balance'?</c></summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        if (Position is { } position)
        {
            text.Append(position).Append(": ");
        }

        if (Severity == Severity.Warning)
        {
            text.Append("warning: ");
        }

        if (Path.Length > 0)
        {
            text.Append(Path).Append(": ");
        }

        text.Append(Message);
        if (Expected is not null)
        {
            text.Append("; expected ").Append(Expected);
        }

        if (Suggestion is not null)
        {
            text.Append("; did you mean '").Append(Suggestion).Append("'?");
        }

        return text.ToString();
    }
}
