namespace Fulcrum.Proxy.Tests.Plane.Outcomes;

/// <summary>What happens to a session.</summary>
public enum Cause
{
    ClientEnds,
    BackendEnds,
    ClientResets,
    BackendResets,

    /// <summary>Nobody says anything until the idle time-out.</summary>
    Silence,
}
