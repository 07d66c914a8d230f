namespace Fulcrum.Engine.Planning;

/// <summary>One field that differs, in the words of the language.</summary>
/// <param name="Path">Within the object: <c>listen</c>, <c>sessions.drain</c>. Empty: the whole.</param>
/// <param name="Before">What held before, written or not; null: nothing did.</param>
/// <param name="After">What holds then.</param>
public sealed record FieldChange(string Path, string? Before, string? After)
{
    public override string ToString() =>
        $"{Path}{(Path.Length > 0 ? ": " : "")}{Before ?? "(nothing)"} → {After ?? "(nothing)"}";
}
