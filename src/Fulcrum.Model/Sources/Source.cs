namespace Fulcrum.Model.Sources;

public enum SourceKind
{
    File,
    Api,
    Kubernetes,
    Discovery,
}

/// <summary>Where an object comes from; each object has one.</summary>
/// <param name="Name">A path, a cluster, an upstream whose discovery it is; empty for the API.</param>
public sealed record Source(SourceKind Kind, string Name)
{
    public static Source Api { get; } = new(SourceKind.Api, "");

    public static Source File(string path) => new(SourceKind.File, path);

    /// <summary>
    /// It follows something outside that cannot be asked to do better: what it brings is taken object by object. What
    /// others bring is taken whole or not at all.
    /// </summary>
    public bool IsLive => Kind is SourceKind.Kubernetes or SourceKind.Discovery;

    /// <summary>As messages call it: <c>file edge.yaml</c>.</summary>
    public override string ToString() =>
        Kind switch
        {
            SourceKind.File => $"file {Name}",
            SourceKind.Api => "the API",
            SourceKind.Kubernetes => $"Kubernetes {Name}",
            _ => $"discovery {Name}",
        };
}
