using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Fulcrum.Linux.Netlink;

/// <summary>
/// Writes requests one after the other into a rented buffer, which grows. A message is begun, gets its family's header
/// and attributes, and is ended; numbers are in the machine's order unless the name says otherwise. The connection
/// gives the sequence numbers when it sends.
/// </summary>
public sealed class NetlinkWriter : IDisposable
{
    private const ushort NestedFlag = 0x8000;
    private const int AttributeHeader = 4;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(1024);
    private int _length;
    private int _message;

    /// <summary>How many messages were ended.</summary>
    public int Count { get; private set; }

    internal ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>The bytes for who sends them, and writes numbers into their headers.</summary>
    internal Memory<byte> Messages => _buffer.AsMemory(0, _length);

    /// <summary>Begins a message. Every one is a request and wants to be acknowledged.</summary>
    public void Begin(ushort type, NetlinkFlags flags)
    {
        _message = _length;
        var header = Take(NetlinkMessage.HeaderLength);
        MemoryMarshal.Write(header[4..], type);
        MemoryMarshal.Write(header[6..], (ushort)(flags | NetlinkFlags.Request | NetlinkFlags.Acknowledge));
    }

    public void End()
    {
        MemoryMarshal.Write(_buffer.AsSpan(_message), (uint)(_length - _message));
        Count++;
    }

    /// <summary>Room for a fixed structure, all zeros; to be filled before anything else is written.</summary>
    public Span<byte> Structure(int length) => Take(NetlinkMessage.Aligned(length))[..length];

    public void Put(ushort type, byte value) => Value(type, value);

    public void Put(ushort type, ushort value) => Value(type, value);

    public void Put(ushort type, uint value) => Value(type, value);

    public void Put(ushort type, int value) => Value(type, value);

    public void Put(ushort type, ulong value) => Value(type, value);

    public void PutNetworkOrder(ushort type, ushort value) =>
        BinaryPrimitives.WriteUInt16BigEndian(Attribute(type, sizeof(ushort)), value);

    public void PutNetworkOrder(ushort type, uint value) =>
        BinaryPrimitives.WriteUInt32BigEndian(Attribute(type, sizeof(uint)), value);

    /// <summary>Text with a zero at its end.</summary>
    public void Put(ushort type, string text)
    {
        var room = Attribute(type, Encoding.UTF8.GetByteCount(text) + 1);
        _ = Encoding.UTF8.GetBytes(text, room);
    }

    public void Put(ushort type, ReadOnlySpan<byte> bytes) => bytes.CopyTo(Attribute(type, bytes.Length));

    public void Put(ushort type, IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out var length);
        Put(type, bytes[..length]);
    }

    /// <summary>Room for an attribute's value, all zeros; to be filled before anything else is written.</summary>
    /// <exception cref="ArgumentException">No attribute is so long.</exception>
    public Span<byte> Attribute(ushort type, int length)
    {
        var whole = AttributeHeader + length;
        if (whole > ushort.MaxValue)
        {
            throw new ArgumentException($"{length} bytes are too much for an attribute", nameof(length));
        }

        var room = Take(NetlinkMessage.Aligned(whole));
        MemoryMarshal.Write(room, (ushort)whole);
        MemoryMarshal.Write(room[2..], type);
        return room[AttributeHeader..whole];
    }

    /// <summary>Begins an attribute that has others inside; what comes back goes to <see cref="EndNest"/>.</summary>
    public int BeginNest(ushort type)
    {
        var start = _length;
        _ = Attribute((ushort)(type | NestedFlag), 0);
        return start;
    }

    /// <exception cref="InvalidOperationException">It became longer than an attribute can be.</exception>
    public void EndNest(int start)
    {
        var length = _length - start;
        if (length > ushort.MaxValue)
        {
            throw new InvalidOperationException($"{length} bytes are too much for a nested attribute");
        }

        MemoryMarshal.Write(_buffer.AsSpan(start), (ushort)length);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }

    private void Value<T>(ushort type, T value)
        where T : unmanaged => MemoryMarshal.Write(Attribute(type, Unsafe.SizeOf<T>()), value);

    private Span<byte> Take(int length)
    {
        if (_buffer.Length - _length < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, _length + length));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var room = _buffer.AsSpan(_length, length);
        room.Clear();
        _length += length;
        return room;
    }
}
