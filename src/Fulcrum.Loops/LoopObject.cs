using Fulcrum.Linux.Events;

namespace Fulcrum.Loops;

/// <summary>
/// Something that lives on one loop: it may own sockets, wait for one timer, and ask for another turn. The links of
/// the timer wheel and of the ready queue are part of the object, so none of this allocates. All members are called
/// on, and may only be called from, the loop's thread.
/// </summary>
public abstract class LoopObject
{
    internal LoopObject? TimerNext;
    internal LoopObject? TimerPrevious;
    internal LoopObject? ReadyNext;
    internal LoopObject? ReadyPrevious;
    internal long TimerDue;
    internal int TimerSlot = Scheduling.TimerWheel.NoSlot;
    internal bool IsReady;

    /// <summary>Edges of the socket that was registered with <paramref name="tag"/>.</summary>
    protected internal abstract void OnEvents(int tag, EpollEvents events);

    /// <summary>The timer that was set has come.</summary>
    protected internal virtual void OnTimer() { }

    /// <summary>The turn that was asked for with <see cref="Reactor.MakeReady"/>.</summary>
    protected internal virtual void OnTurn() { }

    /// <summary>One of the other methods threw: release everything; the loop goes on with its other objects.</summary>
    protected internal abstract void OnFault(Exception fault);
}
