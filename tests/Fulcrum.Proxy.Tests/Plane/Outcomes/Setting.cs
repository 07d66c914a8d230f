namespace Fulcrum.Proxy.Tests.Plane.Outcomes;

/// <summary>What a session passes, and where it goes.</summary>
public enum Setting
{
    Plain,

    /// <summary>The backend is a Unix socket.</summary>
    Unix,

    /// <summary>A logger in both directions.</summary>
    Logged,

    /// <summary>A rate limit in both directions that is never reached.</summary>
    Limited,

    /// <summary>A tee in both directions.</summary>
    Teed,

    /// <summary>A tee on the way to the backend.</summary>
    TeedIn,

    /// <summary>A PROXY header comes first.</summary>
    Prefaced,

    /// <summary>The route is chosen by a TLS hello.</summary>
    Named,

    /// <summary>What the client sends goes back to it.</summary>
    ClientEchoed,

    /// <summary>What the backend sends goes back to it.</summary>
    BackendEchoed,

    /// <summary>What the client sends goes nowhere.</summary>
    ClientDiscarded,

    /// <summary>What the backend sends goes nowhere.</summary>
    BackendDiscarded,
}
