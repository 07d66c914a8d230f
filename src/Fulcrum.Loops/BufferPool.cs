namespace Fulcrum.Loops;

/// <summary>
/// The buffers of one loop for data that a receiver did not take. Bounded: at the bound <see cref="TryRent"/> gives
/// nothing, it is counted, and the caller leaves the data where it came from.
/// </summary>
public sealed class BufferPool
{
    private readonly Stack<byte[]> _free = new();

    public BufferPool(int size, int limit)
    {
        Size = size;
        Limit = limit;
    }

    /// <summary>Bytes in a buffer.</summary>
    public int Size { get; }

    /// <summary>How many buffers may be out at once.</summary>
    public int Limit { get; }

    public int InUse { get; private set; }

    /// <summary>The most that were out at once.</summary>
    public int Peak { get; private set; }

    /// <summary>How often a buffer was wanted and none was left.</summary>
    public long Refused { get; private set; }

    public bool HasRoom => InUse < Limit;

    /// <summary>A buffer with arbitrary content, or null at the bound.</summary>
    public byte[]? TryRent()
    {
        if (!HasRoom)
        {
            Refused++;
            return null;
        }
        InUse++;
        Peak = Math.Max(Peak, InUse);
        // Pinned memory does not move, so passing it to the kernel costs the collector nothing.
        return _free.TryPop(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(Size, pinned: true);
    }

    public void Return(byte[] buffer)
    {
        if (InUse == 0)
        {
            throw new InvalidOperationException("More buffers came back than were given out.");
        }
        InUse--;
        _free.Push(buffer);
    }
}
