namespace Fulcrum.Proxy.Tests.Plane.Outcomes;

/// <summary>What one end of a session sees of what happened.</summary>
public enum Ending
{
    /// <summary>Nothing: it goes on, or is gone.</summary>
    Nothing,

    /// <summary>All bytes that were sent, and then the end.</summary>
    End,

    /// <summary>Some of the bytes that were sent, in order, and then a reset.</summary>
    Reset,

    /// <summary>It had seen the end before, and now its connection is broken.</summary>
    Cut,
}
