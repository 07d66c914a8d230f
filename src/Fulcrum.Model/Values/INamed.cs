namespace Fulcrum.Model.Values;

/// <summary>An object that others refer to by name. Names are unique within a kind.</summary>
public interface INamed
{
    string Name { get; }
}
