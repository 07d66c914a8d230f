using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Sockets;

/// <summary>
/// Datagrams that one recvmmsg(2) brings: native memory laid out once, so that a system call needs no set-up per
/// message. A slot has a payload, a peer (where it came from) and the local address (where it was sent to), the last as
/// IP_PKTINFO or IPV6_PKTINFO (ip(7), RFC 3542 section 6): a wildcard listener must answer from the address that it was
/// asked on.
/// <para>
/// On a socket with <see cref="SocketOption.ReceiveTrains"/> a slot may hold a train: datagrams of one flow and one
/// size, of which only the last may be shorter, that the kernel kept together (udp(7), UDP_GRO). Each counts for itself.
/// </para>
/// </summary>
public sealed unsafe class DatagramBatch : IDisposable
{
    /// <summary>The largest UDP payload there is, and one byte to see that none was longer.</summary>
    public const int MaxPayload = 65_536;

    // Slots at the same place of their pages would all share a few lines of the processor's caches.
    private const int Stride = MaxPayload + 192;
    private const int NameSize = 32;

    private readonly BatchedMessage* _messages;
    private readonly BufferVector* _vectors;
    private readonly byte* _names;
    private readonly byte* _controls;
    private readonly byte* _payloads;
    private readonly uint _nameLength;
    private int _used;
    private bool _disposed;

    /// <summary>Room for <paramref name="capacity"/> datagrams of any size; memory is touched only as it is used.</summary>
    /// <param name="capacity">How many slots there are.</param>
    /// <param name="peers">Whether it matters where datagrams come from.</param>
    public DatagramBatch(int capacity, bool peers)
    {
        Capacity = capacity;
        _nameLength = peers ? NameSize : 0u;
        var count = (nuint)capacity;
        _messages = (BatchedMessage*)NativeMemory.AllocZeroed(count * (nuint)sizeof(BatchedMessage));
        _vectors = (BufferVector*)NativeMemory.AllocZeroed(count * (nuint)sizeof(BufferVector));
        _names = (byte*)NativeMemory.AllocZeroed(count * NameSize);
        _controls = (byte*)NativeMemory.AllocZeroed(count * ControlMessages.Room);
        _payloads = (byte*)NativeMemory.Alloc(count * Stride);
        for (var slot = 0; slot < capacity; slot++)
        {
            _vectors[slot] = new BufferVector { Base = Payload(slot), Length = MaxPayload };
            ref var header = ref _messages[slot].Header;
            header.Buffers = _vectors + slot;
            header.BufferCount = 1;
            header.Name = peers ? _names + (slot * NameSize) : null;
            header.Control = _controls + (slot * ControlMessages.Room);
        }
        _used = capacity;
    }

    public int Capacity { get; }

    /// <summary>How many bytes the last receive put into a slot.</summary>
    public int Length(int slot) => (int)_messages[slot].Length;

    public ReadOnlySpan<byte> Bytes(int slot) => new(Payload(slot), Length(slot));

    /// <summary>How long each datagram of a train is, but for the last; 0: the slot holds a single one.</summary>
    public int SegmentSize(int slot)
    {
        var control = Control(slot);
        return !control.IsEmpty && ControlMessages.TryFind(control, SocketOption.ReceiveTrains, out var data)
            ? BitConverter.ToInt32(data)
            : 0;
    }

    /// <summary>How many datagrams a slot holds.</summary>
    public int Datagrams(int slot) => Datagrams(Length(slot), SegmentSize(slot));

    /// <summary>Where a received datagram came from.</summary>
    public SocketAddress Peer(int slot) => SocketAddress.Decode(Name(slot));

    /// <summary>Whether two slots came from the same peer.</summary>
    public bool IsSamePeer(int one, int other) => Name(one).SequenceEqual(Name(other));

    /// <summary>The address a received datagram was sent to, with port 0; default when the kernel did not say.</summary>
    public SocketAddress Local(int slot)
    {
        var control = Control(slot);
        if (ControlMessages.TryFind(control, SocketOption.PacketInfo, out var data))
        {
            return SocketAddress.Of(SocketFamily.IPv4, BinaryPrimitives.ReadUInt32BigEndian(data[8..]), 0);
        }
        if (ControlMessages.TryFind(control, SocketOption.IPv6PacketInfoMessage, out data))
        {
            var bits = BinaryPrimitives.ReadUInt128BigEndian(data);
            // Only a link-local address needs its interface; naming it for others would override the routes.
            var scope = (ushort)(bits >> 118) == 0x3FA ? BitConverter.ToUInt32(data[16..]) : 0;
            return SocketAddress.Of(SocketFamily.IPv6, bits, 0, scope);
        }
        return default;
    }

    /// <summary>The address and port a received datagram was sent to; default when nobody asked the kernel.</summary>
    public SocketAddress Target(int slot)
    {
        var control = Control(slot);
        return
            ControlMessages.TryFind(control, SocketOption.OriginalTarget, out var data)
            || ControlMessages.TryFind(control, SocketOption.IPv6OriginalTarget, out data)
            ? SocketAddress.Decode(data)
            : default;
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_payloads);
    }

    /// <summary>How many datagrams of one size so many bytes are.</summary>
    public static int Datagrams(int length, int segment) =>
        segment <= 0 || segment >= length ? 1 : (length + segment - 1) / segment;

    internal byte* Payload(int slot) => _payloads + ((nint)slot * Stride);

    /// <summary>Makes the slots from <paramref name="first"/> on ready: those that the kernel wrote to since.</summary>
    internal BatchedMessage* Prepare(int first)
    {
        for (var slot = first; slot < _used; slot++)
        {
            ref var header = ref _messages[slot].Header;
            header.NameLength = _nameLength;
            header.ControlLength = ControlMessages.Room;
        }
        return _messages + first;
    }

    /// <summary>The kernel has written to the slots before this one.</summary>
    internal void MarkUsed(int end) => _used = end;

    private ReadOnlySpan<byte> Name(int slot) =>
        new(_messages[slot].Header.Name, (int)_messages[slot].Header.NameLength);

    private ReadOnlySpan<byte> Control(int slot) =>
        new(_messages[slot].Header.Control, (int)_messages[slot].Header.ControlLength);
}
