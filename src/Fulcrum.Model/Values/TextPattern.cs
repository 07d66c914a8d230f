namespace Fulcrum.Model.Values;

public enum TextPatternKind
{
    Exact,

    /// <summary><c>*</c> stands for any run of characters.</summary>
    Wildcard,

    /// <summary>A regular expression without back-tracking, written with a leading <c>~</c>.</summary>
    Expression,
}

/// <summary>What a text must look like.</summary>
public sealed record TextPattern(TextPatternKind Kind, string Text)
{
    public override string ToString() => Kind == TextPatternKind.Expression ? $"~{Text}" : Text;
}
