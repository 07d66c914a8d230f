using Fulcrum.Loops;

namespace Fulcrum.Proxy.Sessions;

/// <summary>A session that goes to a backend: a member of that backend's list on its loop.</summary>
internal abstract class BackendSession : LoopObject
{
    internal BackendSession? NextOfBackend;
    internal BackendSession? PreviousOfBackend;

    /// <summary>Where it goes; null before a backend is chosen.</summary>
    public LoopBackend? Backend { get; internal set; }

    /// <summary>Ends the session now and tells both sides, as far as the protocol can.</summary>
    public abstract void Abort();
}
