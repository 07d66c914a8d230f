namespace Fulcrum.Linux.Bpf.Maps;

/// <summary>
/// Reads what programs put into a ring buffer (Documentation/bpf/ringbuf.rst). The kernel and this process share its
/// memory: one page says how far we have read, one how far programs have written, and then come the data, mapped
/// twice in a row, so that no record breaks at the end. A record begins with its length, whose highest bits say that
/// it is still being written, or was given up. When nobody reads, programs find no room, and what they lose is theirs
/// to count.
/// </summary>
public sealed unsafe class BpfRing : IDisposable
{
    private const int Readable = 1;
    private const int Writable = 2;
    private const int Shared = 1;
    private const uint Busy = 1u << 31;
    private const uint GivenUp = 1u << 30;
    private const int HeaderLength = 8;

    private readonly BpfMap _map;
    private readonly nint _ours;
    private readonly nint _theirs;
    private readonly byte* _data;

    /// <param name="map">Stays open and belongs to the caller.</param>
    /// <exception cref="LinuxException"/>
    public BpfRing(BpfMap map)
    {
        _map = map;
        _ours = Map(Readable | Writable, Environment.SystemPageSize, 0);
        try
        {
            _theirs = Map(Readable, TheirLength, Environment.SystemPageSize);
        }
        catch
        {
            _ = Native.Unmap(_ours, (nuint)Environment.SystemPageSize);
            throw;
        }

        _data = (byte*)_theirs + Environment.SystemPageSize;
    }

    /// <summary>What to do with a record. It is gone when this returns.</summary>
    public delegate void Reader(ReadOnlySpan<byte> record);

    private int Capacity => _map.Spec.MaxEntries;

    private int TheirLength => Environment.SystemPageSize + (2 * Capacity);

    /// <summary>Waits until there is something to read. False: not within that time.</summary>
    /// <exception cref="LinuxException"/>
    public bool Wait(TimeSpan patience)
    {
        // struct pollfd: the descriptor, what is asked for, what is there.
        Span<int> entry = [_map.Descriptor, Readable];
        fixed (int* at = entry)
        {
            var result = Native.Result(Native.Poll(at, 1, (int)Math.Ceiling(patience.TotalMilliseconds)));
            return result != -(int)Errno.Interrupted
                && LinuxException.ThrowIfError(result, $"wait for BPF ring {_map.Spec.Name}") > 0;
        }
    }

    /// <summary>Reads what is there now. Returns how many records that were.</summary>
    public int Read(Reader reader)
    {
        var (count, at) = (0, Volatile.Read(ref *(ulong*)_ours));
        var end = Volatile.Read(ref *(ulong*)_theirs);
        while (at < end)
        {
            var record = _data + (at & (ulong)(Capacity - 1));
            var length = Volatile.Read(ref *(uint*)record);
            if ((length & Busy) != 0)
            {
                break;
            }

            var bytes = (int)(length & ~(Busy | GivenUp));
            if ((length & GivenUp) == 0)
            {
                reader(new(record + HeaderLength, bytes));
                count++;
            }

            at += (ulong)((HeaderLength + bytes + 7) / 8 * 8);
            Volatile.Write(ref *(ulong*)_ours, at);
        }

        return count;
    }

    public void Dispose()
    {
        _ = Native.Unmap(_ours, (nuint)Environment.SystemPageSize);
        _ = Native.Unmap(_theirs, (nuint)TheirLength);
    }

    private nint Map(int protection, int length, int offset)
    {
        var address = Native.Map(0, (nuint)length, protection, Shared, _map.Descriptor, offset);
        return address != -1
            ? address
            : throw new LinuxException((Errno)(-Native.Result(-1)), $"map BPF ring {_map.Spec.Name}");
    }
}
