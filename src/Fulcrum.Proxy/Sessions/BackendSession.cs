using Fulcrum.Engine.Ports;
using Fulcrum.Loops;
using Fulcrum.Proxy.Listing;

namespace Fulcrum.Proxy.Sessions;

/// <summary>A session that goes to a backend: a member of that backend's list on its loop.</summary>
internal abstract class BackendSession : LoopObject
{
    internal BackendSession? NextOfBackend;
    internal BackendSession? PreviousOfBackend;

    /// <summary>Its object's place in the <see cref="SessionRoll"/>; -1: it has none.</summary>
    internal int Place = -1;

    /// <summary>Its number in the <see cref="SessionRoll"/>; 0: it has ended.</summary>
    internal long Sequence;

    /// <summary>Where it goes; null before a backend is chosen.</summary>
    public LoopBackend? Backend { get; internal set; }

    /// <summary>Ends the session now and tells both sides, as far as the protocol can.</summary>
    public abstract void Abort();

    /// <summary>What is to be known of it now.</summary>
    public abstract void Describe(out SessionSight sight);

    /// <summary>What it does, where its protocol has nothing else to say.</summary>
    private protected SessionState StateOf(LoopBackend? backend) =>
        backend is null ? SessionState.Waiting
        : backend.Backend is null or { Duty: BackendDuty.Drain } ? SessionState.Draining
        : SessionState.Open;
}
