using Fulcrum.Linux.Events;
using Fulcrum.Proxy.Stages;
using Fulcrum.Tls.Engine;

namespace Fulcrum.Proxy.Streams;

/// <summary>
/// One of the two connections of a session: what is known of its socket, and the data for it that it did not take.
/// </summary>
internal struct Side
{
    private const EpollEvents ReadEdges =
        EpollEvents.Readable | EpollEvents.PeerClosed | EpollEvents.HangUp | EpollEvents.Error;

    private const EpollEvents WriteEdges = EpollEvents.Writable | EpollEvents.HangUp | EpollEvents.Error;

    private const EpollEvents HangUps = EpollEvents.PeerClosed | EpollEvents.HangUp | EpollEvents.Error;

    public int Descriptor;

    /// <summary>What is read from here, or goes from there to here, goes another way than plain bytes.</summary>
    public bool IsApart;

    /// <summary>What is sent to it, and what comes from it, are messages.</summary>
    public bool KeepsMessages;

    /// <summary>It is no socket, and nothing comes from it.</summary>
    public bool IsPipe;
    public ulong Token;

    /// <summary>An edge said so, and no read has shown the queue empty since.</summary>
    public bool Readable;

    /// <summary>An edge said so, and no send has shown the queue full since.</summary>
    public bool Writable;

    /// <summary>More than data is to be read: end-of-stream or an error.</summary>
    public bool HangUp;

    /// <summary>The kernel reported an error, which a read does not show once end-of-stream was received.</summary>
    public bool Failed;

    /// <summary>End-of-stream, or an error, was read: nothing more comes from here.</summary>
    public bool Ended;

    /// <summary>Our end-of-stream was sent.</summary>
    public bool Finished;

    /// <summary>The connection is reset: nothing more goes there.</summary>
    public bool Broken;

    /// <summary>What it did not take, or null.</summary>
    public byte[]? Overflow;

    /// <summary>The buffer is not the loop's.</summary>
    public bool OverflowIsOwn;
    public int OverflowStart;
    public int OverflowEnd;

    /// <summary>What is read from here passes these; null: nothing.</summary>
    public StageChain? Chain;

    /// <summary>A stage said so while it was read from.</summary>
    public bool IsWoken;

    /// <summary>The pipe through which data for it passes; null: it passes by way of user space.</summary>
    public SplicePipe? Pipe;

    /// <summary>Large reads in a row of data for it.</summary>
    public int LargeReads;

    /// <summary>What is said to it, and by it, is encrypted; null: it is not.</summary>
    public TlsEngine? Tls;

    /// <summary>The engine may have more for us without anything coming.</summary>
    public bool IsHolding;

    /// <summary>Our end-of-stream goes there after what it is owed.</summary>
    public bool EndsWhenSent;

    /// <summary>
    /// What is sent to it now is not the last: at least an end follows in this turn or the next, and may share its packet.
    /// </summary>
    public bool MoreFollows;

    /// <summary>An end is the next to be read from it, or some of its last data.</summary>
    public readonly bool IsEnding => HangUp && !Failed && !Broken;

    /// <summary>There is data for it that it did not take yet.</summary>
    public readonly bool IsOwed => Overflow is not null || Pipe is { Filled: > 0 };

    /// <summary>Remembers edges: each is reported once, whether we can use it now or not.</summary>
    public void Note(EpollEvents events)
    {
        Readable |= (events & ReadEdges) != EpollEvents.None;
        Writable |= (events & WriteEdges) != EpollEvents.None;
        HangUp |= (events & HangUps) != EpollEvents.None;
        Failed |= (events & EpollEvents.Error) != EpollEvents.None;
    }

    /// <summary>A send failed: what the peer sent before is still to be read, and then the failure.</summary>
    public void Break()
    {
        Broken = true;
        HangUp = true;
        Readable = true;
    }
}
