namespace Fulcrum.Engine.Tracing;

public enum TraceOutcome
{
    /// <summary>No listener takes it.</summary>
    NoListener,

    /// <summary>A service is configured for it, but nothing carries that service.</summary>
    NotCarried,

    /// <summary>Fulcrum only raises the address; others forward.</summary>
    Elsewhere,

    /// <summary>The service's rules do not admit the client.</summary>
    Refused,

    /// <summary>No member of the upstream may be chosen.</summary>
    NoBackend,

    /// <summary>Exactly one backend gets it.</summary>
    Backend,

    /// <summary>One of several gets it: whose turn it is, or who is busy, is not known beforehand.</summary>
    OneOf,
}
