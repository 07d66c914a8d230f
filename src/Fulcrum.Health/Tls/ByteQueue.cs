namespace Fulcrum.Health.Tls;

/// <summary>Bytes that wait, first in, first out. Who appends keeps the bound.</summary>
internal sealed class ByteQueue
{
    private byte[] _bytes = [];
    private int _start;

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, Count);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - _start - Count < bytes.Length)
        {
            var room =
                _bytes.Length - Count < bytes.Length
                    ? new byte[Math.Max(Count + bytes.Length, 2 * _bytes.Length)]
                    : _bytes;
            Bytes.CopyTo(room);
            (_bytes, _start) = (room, 0);
        }

        bytes.CopyTo(_bytes.AsSpan(_start + Count));
        Count += bytes.Length;
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count, nameof(count));
        Count -= count;
        _start = Count == 0 ? 0 : _start + count;
    }
}
