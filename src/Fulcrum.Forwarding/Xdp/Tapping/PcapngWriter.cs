using System.Buffers.Binary;
using System.Text;

namespace Fulcrum.Forwarding.Xdp.Tapping;

/// <summary>
/// Writes packets as Wireshark and tcpdump read them (draft-ietf-opsawg-pcapng): a section, then a description of each
/// interface before its first packet, and a block for each packet with a comment. A file that was cut off is whole up to
/// its last block.
/// </summary>
internal sealed class PcapngWriter
{
    private const uint SectionBlock = 0x0a0d0d0a;
    private const uint ByteOrder = 0x1a2b3c4d;
    private const uint InterfaceBlock = 1;
    private const uint PacketBlock = 6;
    private const ushort Ethernet = 1;
    private const ushort Comment = 1;
    private const ushort InterfaceName = 2;
    private const ushort PacketFlags = 2;
    private const ushort ClockResolution = 9;
    private const byte Nanoseconds = 9;
    private const uint Inbound = 1;
    private const uint Outbound = 2;

    private readonly Stream _stream;
    private readonly Func<int, string> _nameOf;
    private readonly int _snapLength;
    private readonly Dictionary<int, uint> _interfaces = [];

    /// <param name="stream">Stays open and belongs to the caller.</param>
    /// <param name="snapLength">No packet has more bytes.</param>
    /// <param name="nameOf">Of an interface, by its index.</param>
    public PcapngWriter(Stream stream, int snapLength, Func<int, string> nameOf)
    {
        (_stream, _snapLength, _nameOf) = (stream, snapLength, nameOf);
        var section = new List<byte>();
        Put(section, ByteOrder);
        // Version 1.0, and a section whose length is not told.
        section.AddRange([1, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255]);
        Write(SectionBlock, section);
    }

    /// <summary>So far.</summary>
    public long Bytes { get; private set; }

    /// <param name="link">The interface's index.</param>
    /// <param name="leaves">It goes out there; else it comes in.</param>
    /// <param name="time">In nanoseconds since 1970.</param>
    /// <param name="length">Of the whole frame.</param>
    /// <param name="bytes">Its beginning.</param>
    /// <param name="comment">For people.</param>
    public void Write(int link, bool leaves, ulong time, uint length, ReadOnlySpan<byte> bytes, string comment)
    {
        if (!_interfaces.TryGetValue(link, out var number))
        {
            _interfaces.Add(link, number = (uint)_interfaces.Count);
            WriteInterface(link);
        }

        var block = new List<byte>();
        Put(block, number);
        Put(block, (uint)(time >> 32));
        Put(block, (uint)time);
        Put(block, (uint)bytes.Length);
        Put(block, length);
        block.AddRange(bytes);
        Pad(block);
        Option(block, Comment, Encoding.UTF8.GetBytes(comment));
        Span<byte> flags = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(flags, leaves ? Outbound : Inbound);
        Option(block, PacketFlags, flags);
        Put(block, 0);
        Write(PacketBlock, block);
    }

    private void WriteInterface(int link)
    {
        var block = new List<byte>();
        Put(block, Ethernet);
        Put(block, (uint)_snapLength);
        Option(block, InterfaceName, Encoding.UTF8.GetBytes(_nameOf(link)));
        Option(block, ClockResolution, [Nanoseconds]);
        Put(block, 0);
        Write(InterfaceBlock, block);
    }

    // A block has its length at both ends.
    private void Write(uint type, List<byte> content)
    {
        var length = content.Count + 12;
        Span<byte> ends = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(ends, type);
        BinaryPrimitives.WriteInt32LittleEndian(ends[4..], length);
        _stream.Write([.. ends, .. content, .. ends[4..]]);
        Bytes += length;
    }

    private static void Option(List<byte> block, ushort code, ReadOnlySpan<byte> value)
    {
        Span<byte> head = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(head, code);
        BinaryPrimitives.WriteUInt16LittleEndian(head[2..], (ushort)value.Length);
        block.AddRange(head);
        block.AddRange(value);
        Pad(block);
    }

    private static void Put(List<byte> block, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        block.AddRange(bytes);
    }

    private static void Pad(List<byte> block)
    {
        while (block.Count % 4 != 0)
        {
            block.Add(0);
        }
    }
}
