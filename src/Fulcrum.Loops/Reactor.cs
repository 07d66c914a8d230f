using System.Runtime.InteropServices;
using Fulcrum.Linux.Events;
using Fulcrum.Loops.Scheduling;

namespace Fulcrum.Loops;

/// <summary>
/// The part of an event loop that is not system calls: who owns which socket, the timers, the queue of those who
/// want another turn, the buffers, the counters. <see cref="EventLoop"/> drives it from epoll; tests drive it from a
/// simulated kernel, through the same code. An exception out of an object ends that object and nothing else.
/// </summary>
public sealed class Reactor
{
    private const int CacheLine = 64;

    private readonly SlotTable _slots = new();
    private readonly ReadyQueue _ready = new();
    private readonly TimerWheel _timers;
    private readonly byte[] _scratch;
    private readonly int _scratchStart;

    /// <param name="options">Sizes.</param>
    /// <param name="now">The loop's time at the start, in milliseconds.</param>
    public Reactor(LoopOptions options, long now)
    {
        Options = options;
        Now = now;
        Microseconds = now * 1000;
        _timers = new TimerWheel(now);
        Buffers = new BufferPool(options.BufferSize, options.MaxBuffers);
        _scratch = GC.AllocateUninitializedArray<byte>(options.BufferSize + CacheLine, pinned: true);
        var beyond = Marshal.UnsafeAddrOfPinnedArrayElement(_scratch, 0) % CacheLine;
        _scratchStart = beyond == 0 ? 0 : CacheLine - (int)beyond;
    }

    public LoopOptions Options { get; }

    /// <summary>The time of this turn in milliseconds since an arbitrary moment.</summary>
    public long Now { get; private set; }

    /// <summary>The same moment in microseconds, for measuring.</summary>
    public long Microseconds { get; private set; }

    /// <summary>A buffer that is anybody's within one call and nobody's after it.</summary>
    /// <remarks>
    /// It begins at a cache line. Where an array begins as it happens to, eight bytes beyond the start of a page, some
    /// processors take twice as long to copy what begins at the start of a page, as most of what sockets hold does.
    /// </remarks>
    public Span<byte> Scratch => _scratch.AsSpan(_scratchStart, Options.BufferSize);

    public BufferPool Buffers { get; }

    public LoopCounters Counters { get; } = new();

    /// <summary>How many sockets are registered.</summary>
    public int Sockets => _slots.Count;

    /// <summary>How many timers are set.</summary>
    public int Timers => _timers.Count;

    /// <summary>Whether objects wait for another turn, so that the loop must not sleep.</summary>
    public bool HasReady => _ready.Count > 0;

    /// <summary>The time until which the loop may sleep; <see cref="TimerWheel.Never"/> without timers.</summary>
    public long NextTimer => _timers.NextDue;

    /// <summary>A token for a socket of <paramref name="owner"/>; the owner's events will carry the tag.</summary>
    public ulong AddSocket(LoopObject owner, int tag) => _slots.Add(owner, tag);

    /// <summary>Makes the events that may still come with this token meaningless.</summary>
    public void RemoveSocket(ulong token) => _slots.Remove(token);

    /// <summary>Asks for another turn, after all that are due in this one.</summary>
    public void MakeReady(LoopObject item) => _ready.Add(item);

    /// <summary>Takes back what <see cref="MakeReady"/> and <see cref="SetTimer"/> asked for.</summary>
    public void Forget(LoopObject item)
    {
        _ready.Remove(item);
        _timers.Cancel(item);
    }

    /// <summary>Calls the object after <paramref name="milliseconds"/>, instead of when it asked before.</summary>
    public void SetTimer(LoopObject item, long milliseconds) => _timers.Set(item, Now + milliseconds);

    public void CancelTimer(LoopObject item) => _timers.Cancel(item);

    /// <summary>Begins a turn: sets its time.</summary>
    public void BeginTurn(long now) => BeginTurn(now, now * 1000);

    /// <inheritdoc cref="BeginTurn(long)"/>
    public void BeginTurn(long now, long microseconds)
    {
        Now = Math.Max(now, Now);
        Microseconds = Math.Max(microseconds, Microseconds);
    }

    /// <summary>
    /// Runs the timers that are due, after the turn's events: when the loop was held up, what came in time is not
    /// taken for too late.
    /// </summary>
    public void RunTimers()
    {
        while (_timers.Advance(Now) is { } item)
        {
            Counters.Timers++;
            try
            {
                item.OnTimer();
            }
            catch (Exception fault)
            {
                EndObject(item, fault);
            }
        }
    }

    /// <summary>Hands an event to the owner of its socket.</summary>
    public void Dispatch(ulong token, EpollEvents events)
    {
        Counters.Events++;
        if (!_slots.TryFind(token, out var owner, out var tag))
        {
            Counters.StaleEvents++;
            return;
        }
        try
        {
            owner.OnEvents(tag, events);
        }
        catch (Exception fault)
        {
            EndObject(owner, fault);
        }
    }

    /// <summary>Gives a turn to everybody who waited for one when this was called.</summary>
    public void RunReady()
    {
        for (var left = _ready.Count; left > 0 && _ready.Take() is { } item; left--)
        {
            try
            {
                item.OnTurn();
            }
            catch (Exception fault)
            {
                EndObject(item, fault);
            }
        }
    }

    /// <summary>Counts an exception that belongs to no object.</summary>
    public void CountFault(Exception fault)
    {
        Counters.Faults++;
        Counters.LastFault = fault.ToString();
    }

    private void EndObject(LoopObject item, Exception fault)
    {
        CountFault(fault);
        try
        {
            item.OnFault(fault);
        }
        catch (Exception second)
        {
            CountFault(second);
        }
    }
}
