using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Sockets;

/// <summary>
/// Datagrams for one sendmmsg(2). Their bytes stay where they were received, in a <see cref="DatagramBatch"/>; this is
/// the list of where they go, and must be sent before that batch receives again.
/// <para>
/// A message is one datagram or a train: datagrams of one size, of which only the last may be shorter, that pass through
/// the kernel as one and are cut at the very end, often by the network card (udp(7), UDP_SEGMENT). A received train goes
/// on as it came, and neighbours of one size can join. Where a train is not taken, its datagrams can be listed each for
/// itself, in another batch.
/// </para>
/// </summary>
public sealed unsafe class SendBatch : IDisposable
{
    /// <summary>What every kernel that knows trains takes at once (UDP_MAX_SEGMENTS).</summary>
    private const int MaxSegments = 64;

    /// <summary>The largest payload of an IPv4 packet: 65,535 bytes less the headers.</summary>
    private const int MaxBytes = 65_507;

    private const int NameSize = 32;

    private readonly BatchedMessage* _messages;
    private readonly BufferVector* _vectors;
    private readonly byte* _names;
    private readonly byte* _controls;
    private readonly Content[] _contents;
    private int _vectorsUsed;
    private bool _disposed;

    /// <param name="capacity">How many messages there may be, and how many slots they may be made of.</param>
    public SendBatch(int capacity)
    {
        Capacity = capacity;
        _contents = new Content[capacity];
        var count = (nuint)capacity;
        _messages = (BatchedMessage*)NativeMemory.AllocZeroed(count * (nuint)sizeof(BatchedMessage));
        _vectors = (BufferVector*)NativeMemory.AllocZeroed(count * (nuint)sizeof(BufferVector));
        _names = (byte*)NativeMemory.AllocZeroed(count * NameSize);
        _controls = (byte*)NativeMemory.AllocZeroed(count * ControlMessages.Room);
    }

    public int Capacity { get; }

    /// <summary>How many messages there are.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of a message.</summary>
    public int Bytes(int message) => _contents[message].Bytes;

    /// <summary>Datagrams of a message.</summary>
    public int Datagrams(int message) => _contents[message].Datagrams;

    public bool IsTrain(int message) => _contents[message].Datagrams > 1;

    /// <summary>How many messages from this one on are no trains.</summary>
    public int SinglesFrom(int message)
    {
        var end = message;
        while (end < Count && !IsTrain(end))
        {
            end++;
        }
        return end - message;
    }

    /// <summary>The bytes of a message that is no train.</summary>
    public ReadOnlySpan<byte> Datagram(int message)
    {
        ref readonly var vector = ref _messages[message].Header.Buffers[0];
        return new(vector.Base, (int)vector.Length);
    }

    public void Clear() => Count = _vectorsUsed = 0;

    /// <summary>A new message of all that a slot holds, to the socket's peer.</summary>
    public void Add(DatagramBatch batch, int slot) => Add(batch, slot, 0, batch.Length(slot));

    /// <summary>A new message of some of the datagrams that a slot holds, to the socket's peer.</summary>
    public void Add(DatagramBatch batch, int slot, int offset, int length)
    {
        Begin(batch.Payload(slot) + offset, length, batch.SegmentSize(slot));
        SetSegmentSize(Count - 1);
    }

    /// <summary>A new message to <paramref name="peer"/>, from <paramref name="local"/> when it has a family.</summary>
    public void Add(
        DatagramBatch batch,
        int slot,
        int offset,
        int length,
        in SocketAddress peer,
        in SocketAddress local
    )
    {
        Begin(batch.Payload(slot) + offset, length, batch.SegmentSize(slot));
        var message = Count - 1;
        ref var header = ref _messages[message].Header;
        header.Name = _names + (message * NameSize);
        header.NameLength = (uint)peer.Encode(new Span<byte>(header.Name, NameSize));
        if (local.Family is SocketFamily.IPv4 or SocketFamily.IPv6)
        {
            SetControl(message, ControlMessages.WriteLocal(Control(message), local));
        }
        SetSegmentSize(message);
    }

    /// <summary>
    /// Lets what a slot holds go with the last message, if it goes to the same peer; the caller knows that. False when
    /// the sizes differ or there would be too much of it.
    /// </summary>
    public bool TryJoin(DatagramBatch batch, int slot)
    {
        var (message, length, segment) = (Count - 1, batch.Length(slot), batch.SegmentSize(slot));
        ref var content = ref _contents[message];
        var datagrams = DatagramBatch.Datagrams(length, segment);
        if (
            length == 0
            || content.Bytes != content.Datagrams * content.Segment
            || (datagrams > 1 ? segment != content.Segment : length > content.Segment)
            || content.Datagrams + datagrams > MaxSegments
            || content.Bytes + length > MaxBytes
        )
        {
            return false;
        }
        AddVector(batch.Payload(slot), length);
        _messages[message].Header.BufferCount++;
        content.Bytes += length;
        content.Datagrams += datagrams;
        SetSegmentSize(message);
        return true;
    }

    /// <summary>
    /// Begins anew with the datagrams of another batch's message, each for itself.
    /// </summary>
    /// <param name="first">The first of them that is wanted; as many follow as there is room.</param>
    public void Unfold(SendBatch other, int message, int first)
    {
        Clear();
        ref readonly var content = ref other._contents[message];
        ref readonly var header = ref other._messages[message].Header;
        // Only the last datagram can be shorter, so none lies in two vectors.
        var skip = (long)first * content.Segment;
        for (nuint index = 0; index < header.BufferCount; index++)
        {
            var vector = header.Buffers[index];
            for (; skip < (long)vector.Length && Count < Capacity; skip += content.Segment)
            {
                Begin(vector.Base + skip, (int)Math.Min(content.Segment, (long)vector.Length - skip), 0);
                ref var copy = ref _messages[Count - 1].Header;
                copy.Name = header.Name;
                copy.NameLength = header.NameLength;
                copy.Control = content.LocalLength > 0 ? header.Control : null;
                copy.ControlLength = (nuint)content.LocalLength;
            }
            skip = Math.Max(0, skip - (long)vector.Length);
        }
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
    }

    internal BatchedMessage* Message(int message) => _messages + message;

    private void Begin(byte* bytes, int length, int segment)
    {
        var datagrams = DatagramBatch.Datagrams(length, segment);
        _contents[Count] = new Content
        {
            Bytes = length,
            Datagrams = datagrams,
            Segment = datagrams > 1 ? segment : length,
        };
        ref var header = ref _messages[Count].Header;
        header.Name = null;
        header.NameLength = 0;
        header.Control = null;
        header.ControlLength = 0;
        header.Buffers = _vectors + _vectorsUsed;
        header.BufferCount = 1;
        AddVector(bytes, length);
        Count++;
    }

    private void AddVector(byte* bytes, int length) =>
        _vectors[_vectorsUsed++] = new BufferVector { Base = bytes, Length = (nuint)length };

    private Span<byte> Control(int message) => new(_controls + (message * ControlMessages.Room), ControlMessages.Room);

    private void SetControl(int message, int localLength)
    {
        ref var header = ref _messages[message].Header;
        header.Control = _controls + (message * ControlMessages.Room);
        header.ControlLength = (nuint)localLength;
        _contents[message].LocalLength = localLength;
    }

    private void SetSegmentSize(int message)
    {
        ref readonly var content = ref _contents[message];
        if (content.Datagrams > 1)
        {
            ref var header = ref _messages[message].Header;
            var control = Control(message)[content.LocalLength..];
            header.Control = _controls + (message * ControlMessages.Room);
            header.ControlLength = (nuint)(
                content.LocalLength + ControlMessages.WriteSegmentSize(control, content.Segment)
            );
        }
    }

    /// <summary>What a message holds.</summary>
    private struct Content
    {
        internal int Bytes;
        internal int Datagrams;

        /// <summary>Bytes of each datagram but the last.</summary>
        internal int Segment;

        /// <summary>Bytes of the control message that says where it leaves from.</summary>
        internal int LocalLength;
    }
}
