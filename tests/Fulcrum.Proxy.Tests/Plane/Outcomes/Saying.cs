namespace Fulcrum.Proxy.Tests.Plane.Outcomes;

/// <summary>How much a client says of what it has to begin with.</summary>
public enum Saying
{
    Nothing,
    Half,
    Broken,
}
