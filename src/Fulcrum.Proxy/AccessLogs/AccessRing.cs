namespace Fulcrum.Proxy.AccessLogs;

/// <summary>
/// Records on their way from one loop to the writer. The loop adds and never waits: at the bound a record is dropped and
/// counted. One side writes the tail, the other the head, so that there is no lock; memory is taken when first wanted.
/// </summary>
internal sealed class AccessRing
{
    /// <summary>A power of two; the writer comes ten times a second.</summary>
    private const int Capacity = 8192;

    private AccessRecord[]? _slots;
    private long _head;
    private long _tail;
    private long _dropped;
    private uint _draw;

    /// <summary>Records that found no room.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>On the loop: records will come.</summary>
    public void Open() => _slots ??= new AccessRecord[Capacity];

    /// <summary>On the loop: whether this session is one of those that are told.</summary>
    public bool Draws(int oneOf) =>
        // Knuth's multiplicative hash of a counter: as even as chance, and without a generator.
        oneOf == 1
        || ++_draw * 2_654_435_769u < uint.MaxValue / (uint)oneOf;

    /// <summary>On the loop.</summary>
    public void Add(in AccessRecord record)
    {
        var tail = _tail;
        if (_slots is null || tail - Volatile.Read(ref _head) >= Capacity)
        {
            Volatile.Write(ref _dropped, _dropped + 1);
            return;
        }
        _slots[tail & (Capacity - 1)] = record;
        Volatile.Write(ref _tail, tail + 1);
    }

    /// <summary>By the writer: the oldest one.</summary>
    public bool TryTake(out AccessRecord record)
    {
        var head = _head;
        if (head == Volatile.Read(ref _tail))
        {
            record = default;
            return false;
        }
        ref var slot = ref _slots![head & (Capacity - 1)];
        record = slot;
        // What it refers to must not live on for it.
        slot = default;
        Volatile.Write(ref _head, head + 1);
        return true;
    }
}
