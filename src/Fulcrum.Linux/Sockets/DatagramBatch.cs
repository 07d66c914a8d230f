using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Sockets;

/// <summary>
/// Datagrams for one recvmmsg(2) or sendmmsg(2): native memory laid out once, so that a system call needs no set-up
/// per message. A slot has a payload, a peer (where it came from or goes to) and the local address (where it was
/// sent to, or must leave from), the last as IP_PKTINFO or IPV6_PKTINFO (ip(7), RFC 3542 section 6): a wildcard
/// listener must answer from the address that it was asked on.
/// </summary>
public sealed unsafe class DatagramBatch : IDisposable
{
    /// <summary>The largest UDP payload there is, and one byte to see that none was longer.</summary>
    public const int MaxPayload = 65_536;

    private const int NameSize = 32;
    private const int ControlSize = 64;
    private const int ControlHeader = 16;
    private const int InfoIPv4 = 12;
    private const int InfoIPv6 = 20;

    private static readonly SocketOption ReceivedInfoIPv6 = new(41, 50);

    private readonly BatchedMessage* _messages;
    private readonly BufferVector* _vectors;
    private readonly byte* _names;
    private readonly byte* _controls;
    private readonly byte* _payloads;
    private bool _disposed;

    /// <summary>Room for <paramref name="capacity"/> datagrams of any size; memory is touched only as it is used.</summary>
    public DatagramBatch(int capacity)
    {
        Capacity = capacity;
        var count = (nuint)capacity;
        _messages = (BatchedMessage*)NativeMemory.AllocZeroed(count * (nuint)sizeof(BatchedMessage));
        _vectors = (BufferVector*)NativeMemory.AllocZeroed(count * (nuint)sizeof(BufferVector));
        _names = (byte*)NativeMemory.AllocZeroed(count * NameSize);
        _controls = (byte*)NativeMemory.AllocZeroed(count * ControlSize);
        _payloads = (byte*)NativeMemory.Alloc(count * MaxPayload);
        for (var slot = 0; slot < capacity; slot++)
        {
            _vectors[slot].Base = _payloads + ((nint)slot * MaxPayload);
            _messages[slot].Header.Buffers = _vectors + slot;
            _messages[slot].Header.BufferCount = 1;
        }
    }

    public int Capacity { get; }

    /// <summary>Makes the slots from <paramref name="first"/> on ready to receive, with or without addresses.</summary>
    public void PrepareReceive(int first, bool addresses)
    {
        for (var slot = first; slot < Capacity; slot++)
        {
            ref var header = ref _messages[slot].Header;
            header.Name = addresses ? _names + (slot * NameSize) : null;
            header.NameLength = addresses ? NameSize : 0u;
            header.Control = addresses ? _controls + (slot * ControlSize) : null;
            header.ControlLength = addresses ? ControlSize : 0u;
            _vectors[slot].Length = MaxPayload;
        }
    }

    /// <summary>How many bytes the last receive put into a slot.</summary>
    public int Length(int slot) => (int)_messages[slot].Length;

    public Span<byte> Payload(int slot) => new(_payloads + ((nint)slot * MaxPayload), MaxPayload);

    /// <summary>Where a received datagram came from.</summary>
    public SocketAddress Peer(int slot)
    {
        ref readonly var header = ref _messages[slot].Header;
        return SocketAddress.Decode(new ReadOnlySpan<byte>(header.Name, (int)header.NameLength));
    }

    /// <summary>The address a received datagram was sent to, with port 0; default when the kernel did not say.</summary>
    public SocketAddress Local(int slot)
    {
        ref readonly var header = ref _messages[slot].Header;
        var control = new ReadOnlySpan<byte>(header.Control, (int)header.ControlLength);
        while (control.Length >= ControlHeader)
        {
            var length = (int)Math.Min(BitConverter.ToUInt64(control), (ulong)control.Length);
            var option = new SocketOption(BitConverter.ToInt32(control[8..]), BitConverter.ToInt32(control[12..]));
            var data = control[ControlHeader..Math.Max(length, ControlHeader)];
            if (option == SocketOption.PacketInfo && data.Length >= InfoIPv4)
            {
                return SocketAddress.Of(SocketFamily.IPv4, BinaryPrimitives.ReadUInt32BigEndian(data[8..]), 0);
            }
            if (option == ReceivedInfoIPv6 && data.Length >= InfoIPv6)
            {
                var bits = BinaryPrimitives.ReadUInt128BigEndian(data);
                // Only a link-local address needs its interface; naming it for others would override the routes.
                var scope = (ushort)(bits >> 118) == 0x3FA ? BitConverter.ToUInt32(data[16..]) : 0;
                return SocketAddress.Of(SocketFamily.IPv6, bits, 0, scope);
            }
            control = control[Math.Min(control.Length, (Math.Max(length, ControlHeader) + 7) & ~7)..];
        }
        return default;
    }

    /// <summary>Makes a slot ready to send to a connected peer.</summary>
    public void PrepareSend(int slot, int length)
    {
        ref var header = ref _messages[slot].Header;
        header.Name = null;
        header.NameLength = 0;
        header.Control = null;
        header.ControlLength = 0;
        _vectors[slot].Length = (nuint)length;
    }

    /// <summary>Makes a slot ready to send to <paramref name="peer"/>, from <paramref name="local"/> when it has a family.</summary>
    public void PrepareSend(int slot, int length, in SocketAddress peer, in SocketAddress local)
    {
        PrepareSend(slot, length);
        ref var header = ref _messages[slot].Header;
        header.Name = _names + (slot * NameSize);
        header.NameLength = (uint)peer.Encode(new Span<byte>(header.Name, NameSize));
        if (local.Family is SocketFamily.IPv4 or SocketFamily.IPv6)
        {
            header.Control = _controls + (slot * ControlSize);
            header.ControlLength = EncodeLocal(new Span<byte>(header.Control, ControlSize), local);
        }
    }

    internal BatchedMessage* Message(int slot) => _messages + slot;

    private static nuint EncodeLocal(Span<byte> control, in SocketAddress local)
    {
        control.Clear();
        var isIPv4 = local.Family == SocketFamily.IPv4;
        var option = isIPv4 ? SocketOption.PacketInfo : ReceivedInfoIPv6;
        var length = ControlHeader + (isIPv4 ? InfoIPv4 : InfoIPv6);
        Unsafe.WriteUnaligned(ref control[0], (ulong)length);
        Unsafe.WriteUnaligned(ref control[8], option.Level);
        Unsafe.WriteUnaligned(ref control[12], option.Name);
        if (isIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(control[(ControlHeader + 4)..], (uint)local.Bits);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(control[ControlHeader..], local.Bits);
            Unsafe.WriteUnaligned(ref control[ControlHeader + 16], local.Scope);
        }
        return (nuint)((length + 7) & ~7);
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
}
