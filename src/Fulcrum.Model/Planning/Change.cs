using Fulcrum.Model.Values;

namespace Fulcrum.Model.Planning;

public enum ChangeKind
{
    Added,
    Removed,
    Changed,
}

/// <summary>One object that differs between two snapshots.</summary>
/// <param name="Kind">What happened to it.</param>
/// <param name="ObjectKind">The key of its section in the language: <c>services</c>.</param>
/// <param name="Name">Empty for sections that are one object.</param>
/// <param name="Before">Null when added.</param>
/// <param name="After">Null when removed.</param>
public sealed record Change(ChangeKind Kind, string ObjectKind, string Name, object? Before, object? After)
{
    public override string ToString() =>
        $"{Kind switch { ChangeKind.Added => "+", ChangeKind.Removed => "-", _ => "~" }} {ObjectKind}{(Name.Length > 0 ? "/" : "")}{Name}";
}

/// <summary>What would change.</summary>
public sealed record Plan(Items<Change> Changes)
{
    public bool IsEmpty => Changes.IsEmpty;
}
