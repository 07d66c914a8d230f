using System.Buffers.Binary;
using Fulcrum.Loops;
using Fulcrum.Protocols.Framing;

namespace Fulcrum.Proxy.Carrying;

/// <summary>
/// Datagrams on their way into a connection that does not take them yet, in the order in which they came. All are in one
/// buffer of the loop, which it has only while there are any; what finds no room there is not taken. Each lies there with
/// its length before it (<see cref="LengthFraming"/>), so that they can be sent as they lie where they are told apart
/// that way, and one by one where they are not.
/// </summary>
internal sealed class DatagramQueue(BufferPool pool)
{
    private byte[]? _buffer;
    private int _start;
    private int _end;

    /// <summary>So much of the first one has gone, or does not go; its length is part of it.</summary>
    private int _gone;

    /// <summary>Lengths go with the datagrams.</summary>
    public bool IsFramed { get; private set; }

    /// <summary>Datagrams that have not gone, or not quite.</summary>
    public int Count { get; private set; }

    /// <summary>What can be sent next: some of the first datagram, and of those after it if lengths tell them apart.</summary>
    public ReadOnlySpan<byte> Pending =>
        _buffer.AsSpan(_start + _gone, (IsFramed ? _end - _start : LengthAt(_start)) - _gone);

    private int Skipped => IsFramed ? 0 : LengthFraming.PrefixLength;

    /// <summary>Another connection, which knows nothing of the first datagram yet.</summary>
    public void Begin(bool isFramed)
    {
        IsFramed = isFramed;
        _gone = Skipped;
    }

    /// <summary>Adds one at the end, if there is room.</summary>
    /// <param name="datagram">At most as long as a length can tell.</param>
    /// <param name="sent">So much of it has gone already, with its length where that goes too; only of the first.</param>
    public bool TryAdd(ReadOnlySpan<byte> datagram, int sent = 0)
    {
        var length = LengthFraming.PrefixLength + datagram.Length;
        _buffer ??= pool.TryRent();
        if (_buffer is null || length > _buffer.Length - (_end - _start))
        {
            Settle();
            return false;
        }
        if (length > _buffer.Length - _end)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        LengthFraming.WriteLength(_buffer.AsSpan(_end), datagram.Length);
        datagram.CopyTo(_buffer.AsSpan(_end + LengthFraming.PrefixLength));
        _end += length;
        _gone = Count++ == 0 ? Skipped + sent : _gone;
        return true;
    }

    /// <summary>So many bytes of what is pending have gone. Returns how many those datagrams have that have gone with them.</summary>
    public int Advance(int bytes)
    {
        var whole = 0;
        _gone += bytes;
        while (Count > 0 && _gone >= LengthAt(_start))
        {
            var length = LengthAt(_start);
            whole += length - LengthFraming.PrefixLength;
            _gone += Skipped - length;
            _start += length;
            Count--;
        }
        Settle();
        return whole;
    }

    /// <summary>Forgets all, and returns how many they were.</summary>
    public int Clear()
    {
        var count = Count;
        Count = 0;
        Settle();
        return count;
    }

    /// <summary>Of a datagram that lies there, with its length.</summary>
    private int LengthAt(int start) =>
        LengthFraming.PrefixLength + BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(start));

    private void Settle()
    {
        if (Count == 0 && _buffer is { } buffer)
        {
            _buffer = null;
            (_start, _end) = (0, 0);
            _gone = Skipped;
            pool.Return(buffer);
        }
    }
}
