using Fulcrum.Model.Planning;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Planning;

/// <summary>One object that comes, goes or changes.</summary>
/// <param name="Object">The key of its section in the language: <c>services</c>.</param>
/// <param name="Name">Empty for sections that are one object.</param>
/// <param name="Fields">Of one that changes.</param>
public sealed record PlannedChange(ChangeKind Kind, string Object, string Name, Items<FieldChange> Fields)
{
    public override string ToString() => new Change(Kind, Object, Name, null, null).ToString();
}
