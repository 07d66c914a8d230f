using System.Runtime.InteropServices;

namespace Fulcrum.Bench.Traffic;

/// <summary>Messages that one system call moves, each with a buffer of its own; outside the collector's heap.</summary>
internal sealed unsafe class MessageBatch : IDisposable
{
    /// <summary>The control data of a message: two entries, each with its header of 16 bytes, in units of 8 bytes.</summary>
    private const int ControlLength = 64;
    private const int ControlHeader = 16;

    private readonly int _bufferLength;
    private readonly Message* _messages;
    private readonly Part* _parts;
    private readonly Address* _names;
    private readonly byte* _control;
    private readonly byte* _buffers;

    public MessageBatch(int capacity, int bufferLength)
    {
        (Capacity, _bufferLength) = (capacity, bufferLength);
        _messages = (Message*)NativeMemory.AllocZeroed((nuint)(capacity * sizeof(Message)));
        _parts = (Part*)NativeMemory.AllocZeroed((nuint)(capacity * sizeof(Part)));
        _names = (Address*)NativeMemory.AllocZeroed((nuint)(capacity * sizeof(Address)));
        _control = (byte*)NativeMemory.AllocZeroed((nuint)(capacity * ControlLength));
        _buffers = (byte*)NativeMemory.AllocZeroed((nuint)capacity * (nuint)bufferLength);
        for (var i = 0; i < capacity; i++)
        {
            _parts[i].Start = _buffers + ((long)i * bufferLength);
        }
    }

    public int Capacity { get; }

    /// <summary>What a message begins with.</summary>
    public DatagramMark* MarkOf(int message) => (DatagramMark*)_parts[message].Start;

    public byte* BytesOf(int message) => _parts[message].Start;

    public int LengthOf(int message) => (int)_messages[message].Length;

    public Address NameOf(int message) => _names[message];

    /// <summary>Takes what is there; 0 when that is nothing.</summary>
    public int Receive(int fd)
    {
        for (var i = 0; i < Capacity; i++)
        {
            _parts[i].Length = _bufferLength;
            _messages[i] = new Message
            {
                Name = _names + i,
                NameLength = sizeof(Address),
                Parts = _parts + i,
                PartCount = 1,
            };
        }

        return Math.Max(0, Native.ReceiveMessages(fd, _messages, Capacity, 0, null));
    }

    /// <summary>Sends messages; those that the kernel does not take are lost, as the network may lose them too.</summary>
    public void Send(int fd, int count)
    {
        for (var first = 0; first < count; )
        {
            first += Math.Max(1, Native.SendMessages(fd, _messages + first, count - first, 0));
        }
    }

    /// <summary>Makes a message one of the buffer's, to an address.</summary>
    public void Prepare(int message, in Address to, int length)
    {
        _names[message] = to;
        _parts[message].Length = length;
        var control = _control + (message * ControlLength);
        Compose(message, message, 1, ref control, length, length);
    }

    /// <summary>Makes a message one of the buffer's, to an address, from another one.</summary>
    public void Prepare(int message, in Address to, uint from, int length, int segment)
    {
        _names[message] = to;
        _parts[message].Length = length;
        var control = _control + (message * ControlLength);
        var information = (PacketInformation*)Append(
            ref control,
            Native.InternetLevel,
            Native.PacketInformation,
            sizeof(PacketInformation)
        );
        *information = new PacketInformation { Source = new Address(from, 0).NetworkOrder };
        Compose(message, message, 1, ref control, length, segment);
    }

    /// <summary>Makes a message of what some messages of another batch have received, back to where it came from.</summary>
    public void PrepareEcho(int message, MessageBatch received, int first, int count, int segment)
    {
        var length = 0;
        for (var i = first; i < first + count; i++)
        {
            received._parts[i].Length = received.LengthOf(i);
            length += received.LengthOf(i);
        }

        var control = _control + (message * ControlLength);
        Compose(message, first, count, ref control, length, segment);
        _messages[message].Name = received._names + first;
        _messages[message].Parts = received._parts + first;
    }

    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_parts);
        NativeMemory.Free(_names);
        NativeMemory.Free(_control);
        NativeMemory.Free(_buffers);
    }

    private void Compose(int message, int part, int parts, ref byte* control, int length, int segment)
    {
        if (length > segment)
        {
            *(ushort*)Append(ref control, Native.DatagramLevel, Native.Segment, sizeof(ushort)) = (ushort)segment;
        }

        var begin = _control + (message * ControlLength);
        _messages[message] = new Message
        {
            Name = _names + message,
            NameLength = sizeof(Address),
            Parts = _parts + part,
            PartCount = parts,
            Control = control == begin ? null : begin,
            ControlLength = (nint)(control - begin),
        };
    }

    // struct cmsghdr: length with the header, level, type; then the data, padded to 8 bytes.
    private static byte* Append(ref byte* control, int level, int type, int length)
    {
        *(nint*)control = ControlHeader + length;
        *(int*)(control + 8) = level;
        *(int*)(control + 12) = type;
        var data = control + ControlHeader;
        control = data + ((length + 7) & ~7);
        return data;
    }

    /// <summary>struct in_pktinfo: with which source address a message leaves.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PacketInformation
    {
        public int Interface;
        public uint Source;
        public uint Destination;
    }
}
