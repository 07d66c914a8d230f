namespace Fulcrum.Loops.Scheduling;

/// <summary>
/// Who owns which registered socket. A token is slot and generation: one wait can return events of a socket that
/// was closed, and its slot given away again, while the events before it were handled; the generation tells.
/// </summary>
internal sealed class SlotTable
{
    private const int NoSlot = -1;

    private Slot[] _slots = new Slot[64];
    private int _used;
    private int _free = NoSlot;

    /// <summary>How many slots are given out.</summary>
    public int Count { get; private set; }

    public ulong Add(LoopObject owner, int tag)
    {
        var index = _free;
        if (index == NoSlot)
        {
            index = _used++;
            if (index == _slots.Length)
            {
                Array.Resize(ref _slots, index * 2);
            }
        }
        else
        {
            _free = _slots[index].Tag;
        }
        ref var slot = ref _slots[index];
        slot.Owner = owner;
        slot.Tag = tag;
        Count++;
        return ((ulong)slot.Generation << 32) | (uint)index;
    }

    public bool TryFind(ulong token, out LoopObject owner, out int tag)
    {
        ref readonly var slot = ref _slots[(int)(uint)token];
        owner = slot.Owner!;
        tag = slot.Tag;
        return slot.Owner is not null && slot.Generation == (uint)(token >> 32);
    }

    public void Remove(ulong token)
    {
        var index = (int)(uint)token;
        ref var slot = ref _slots[index];
        if (slot.Owner is null || slot.Generation != (uint)(token >> 32))
        {
            throw new InvalidOperationException("The token of a socket was given back twice.");
        }
        slot.Owner = null;
        slot.Generation++;
        slot.Tag = _free;
        _free = index;
        Count--;
    }

    private struct Slot
    {
        public LoopObject? Owner;
        public uint Generation;

        /// <summary>The owner's tag; in a free slot the next free one.</summary>
        public int Tag;
    }
}
