namespace Fulcrum.Proxy.Tests.Simulation;

/// <summary>What becomes of the bytes of one direction.</summary>
internal enum Way
{
    /// <summary>They arrive at the other end.</summary>
    Pass,

    /// <summary>They go nowhere.</summary>
    Discard,

    /// <summary>They go back where they came from.</summary>
    Echo,
}
