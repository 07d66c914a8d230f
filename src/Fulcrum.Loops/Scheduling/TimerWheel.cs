using System.Numerics;

namespace Fulcrum.Loops.Scheduling;

/// <summary>
/// A hierarchical timer wheel (Varghese and Lauck, 1987) with ticks of one millisecond: four levels of 64 slots,
/// each slot a list through the objects themselves, so that setting and cancelling cost the same few instructions
/// whether one timer is set or a million. A timer whose time is far off lies in a coarse slot and moves to a finer
/// one when that slot's span begins. A word of 64 bits for each level says which slots are in use, which is how a
/// loop that slept for hours finds the next timer without visiting the ticks between.
/// </summary>
/// <remarks>
/// The top level spans 4.6 hours; a later timer waits in its last slot and is put in again from there. A timer never
/// fires in the call that set it, and never early.
/// </remarks>
public sealed class TimerWheel
{
    /// <summary>What <see cref="NextDue"/> says when no timer is set.</summary>
    public const long Never = long.MaxValue;

    internal const int NoSlot = -1;

    private const int Levels = 4;
    private const int Bits = 6;
    private const int Size = 1 << Bits;
    private const int Mask = Size - 1;
    private const int Firing = Levels * Size;
    private const long Span = 1L << (Bits * Levels);

    private readonly LoopObject?[] _slots = new LoopObject?[Firing + 1];
    private readonly ulong[] _used = new ulong[Levels];
    private long _now;

    /// <param name="now">The time the wheel begins at, in milliseconds.</param>
    public TimerWheel(long now) => _now = now;

    /// <summary>How many timers are set.</summary>
    public int Count { get; private set; }

    /// <summary>A time, in milliseconds, before which nothing is due; not necessarily that of a timer.</summary>
    public long NextDue => Count == 0 ? Never : NextStop();

    /// <summary>Sets the object's timer, instead of the one it may have set before.</summary>
    public void Set(LoopObject item, long due)
    {
        Cancel(item);
        item.TimerDue = Math.Max(due, _now + 1);
        Insert(item);
        Count++;
    }

    /// <summary>Takes the object's timer back; does nothing when none is set.</summary>
    public void Cancel(LoopObject item)
    {
        if (item.TimerSlot != NoSlot)
        {
            Unlink(item);
            Count--;
        }
    }

    /// <summary>
    /// Moves the time on and takes out the timers that became due, one with each call: null when no more are due.
    /// The caller runs each before it asks for the next, so that one timer may cancel another.
    /// </summary>
    public LoopObject? Advance(long now)
    {
        while (_slots[Firing] is null)
        {
            var stop = Count == 0 ? now : Math.Min(now, NextStop());
            if (stop <= _now)
            {
                return null;
            }
            _now = stop;
            Cascade();
        }
        var item = _slots[Firing]!;
        Unlink(item);
        Count--;
        return item;
    }

    private void Cascade()
    {
        for (var level = Levels - 1; level > 0; level--)
        {
            if ((_now & ((1L << (Bits * level)) - 1)) == 0)
            {
                var slot = (level * Size) + (int)((_now >> (Bits * level)) & Mask);
                // A timer may go back into this very slot, for the next turn of the wheel: empty it first.
                var waiting = Detach(slot);
                while (waiting is not null)
                {
                    var next = waiting.TimerNext;
                    Insert(waiting);
                    waiting = next;
                }
            }
        }
        var due = Detach((int)(_now & Mask));
        while (due is not null)
        {
            var next = due.TimerNext;
            Link(due, Firing);
            due = next;
        }
    }

    private long NextStop()
    {
        var next = long.MaxValue;
        for (var level = 0; level < Levels; level++)
        {
            if (_used[level] != 0)
            {
                var position = _now >> (Bits * level);
                // Bit 0 of the rotated word is the slot after the present one.
                var rotated = BitOperations.RotateRight(_used[level], (int)((position + 1) & Mask));
                var slots = BitOperations.TrailingZeroCount(rotated) + 1;
                next = Math.Min(next, (position + slots) << (Bits * level));
            }
        }
        return next;
    }

    private void Insert(LoopObject item)
    {
        var distance = item.TimerDue - _now;
        if (distance <= 0)
        {
            Link(item, Firing);
            return;
        }
        // Beyond the wheel: as far as it reaches; from there it is put in again.
        var due = distance < Span ? item.TimerDue : _now + Span - 1;
        distance = due - _now;
        var level = (63 - BitOperations.LeadingZeroCount((ulong)distance)) / Bits;
        Link(item, (level * Size) + (int)((due >> (Bits * level)) & Mask));
    }

    private void Link(LoopObject item, int slot)
    {
        var first = _slots[slot];
        item.TimerSlot = slot;
        item.TimerPrevious = null;
        item.TimerNext = first;
        if (first is not null)
        {
            first.TimerPrevious = item;
        }
        _slots[slot] = item;
        if (slot < Firing)
        {
            _used[slot / Size] |= 1UL << (slot & Mask);
        }
    }

    private void Unlink(LoopObject item)
    {
        var slot = item.TimerSlot;
        if (item.TimerPrevious is null)
        {
            _slots[slot] = item.TimerNext;
        }
        else
        {
            item.TimerPrevious.TimerNext = item.TimerNext;
        }
        if (item.TimerNext is not null)
        {
            item.TimerNext.TimerPrevious = item.TimerPrevious;
        }
        if (slot < Firing && _slots[slot] is null)
        {
            _used[slot / Size] &= ~(1UL << (slot & Mask));
        }
        item.TimerSlot = NoSlot;
        item.TimerNext = item.TimerPrevious = null;
    }

    private LoopObject? Detach(int slot)
    {
        var first = _slots[slot];
        _slots[slot] = null;
        _used[slot / Size] &= ~(1UL << (slot & Mask));
        return first;
    }
}
