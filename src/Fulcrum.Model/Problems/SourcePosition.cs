namespace Fulcrum.Model.Problems;

/// <summary>A place in a text that a user wrote. Lines and columns count from 1; a column is a UTF-16 unit.</summary>
public readonly record struct SourcePosition(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}
