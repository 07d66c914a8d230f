namespace Fulcrum.Engine.Sources;

/// <summary>Which object: the key of its section in the language, and its name there.</summary>
public readonly record struct ObjectKey(string Kind, string Name)
{
    public override string ToString() => Name.Length > 0 ? $"{Kind}/{Name}" : Kind;
}
