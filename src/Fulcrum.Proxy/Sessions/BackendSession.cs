using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Proxy.Clients;
using Fulcrum.Proxy.Listing;

namespace Fulcrum.Proxy.Sessions;

/// <summary>A session that goes to a backend: a member of that backend's list on its loop.</summary>
internal abstract class BackendSession : LoopObject
{
    internal BackendSession? NextOfBackend;
    internal BackendSession? PreviousOfBackend;

    // Not the same: it is given a backend before it leaves the line.
    internal BackendSession? NextInLine;
    internal BackendSession? PreviousInLine;

    /// <summary>Its object's place in the <see cref="SessionRoll"/>; -1: it has none.</summary>
    internal int Place = -1;

    /// <summary>Its number in the <see cref="SessionRoll"/>; 0: it has ended.</summary>
    internal long Sequence;

    /// <summary>Its share of what its source may have.</summary>
    internal SourcePass Pass;

    /// <summary>What is remembered of its client, where that is wanted.</summary>
    internal Remembrance Memory;

    /// <summary>While it is in a line: since when, in microseconds of the loops' time.</summary>
    internal long WaitsSince;

    /// <summary>Who it is for.</summary>
    public abstract SocketAddress Client { get; }

    /// <summary>Not every backend will do: some have failed it already, or are not meant for it.</summary>
    public virtual bool IsChoosy => false;

    /// <summary>Where it goes; null before a backend is chosen.</summary>
    public LoopBackend? Backend { get; internal set; }

    /// <summary>Ends the session now and tells both sides, as far as the protocol can.</summary>
    public abstract void Abort();

    /// <summary>Ends it, so that another may begin.</summary>
    public virtual void Evict() => Abort();

    /// <summary>It waits for a place, and there may be one. False: there was none for it, and it waits on.</summary>
    public virtual bool TryProceed() => false;

    /// <summary>What is to be known of it now.</summary>
    public abstract void Describe(out SessionSight sight);

    /// <summary>What it does, where its protocol has nothing else to say.</summary>
    private protected SessionState StateOf(LoopBackend? backend) =>
        backend is null ? SessionState.Waiting
        : backend.Backend is null or { Duty: BackendDuty.Drain } ? SessionState.Draining
        : SessionState.Open;
}
