namespace Fulcrum.Model.Sources;

public enum SourceKind
{
    File,
    Api,
    Kubernetes,
    Discovery,
}

/// <summary>Where an object comes from; each object has one.</summary>
/// <param name="Name">A path, a cluster, an upstream whose discovery it is.</param>
public sealed record Source(SourceKind Kind, string Name);
