using System.Buffers.Binary;

namespace Fulcrum.Protocols.Dns;

/// <summary>
/// Goes through a message. What cannot be read is zero or empty, and so is all after it: who reads asks once at the
/// end whether there was an <see cref="Error"/>.
/// </summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message)
{
    // A name has at most 127 labels before the root; more pointers than labels only waste our time.
    private const int MaxPointers = 127;

    private const string CutShort = "the message is cut short";

    private readonly ReadOnlySpan<byte> _message = message;
    private int _end = message.Length;

    public int At { get; private set; }

    public string? Error { get; private set; }

    public readonly bool IsAtEnd => At == _end;

    public byte ReadByte() => ReadOctets(1) is [var octet] ? octet : (byte)0;

    public ushort ReadUInt16() =>
        ReadOctets(2) is { Length: 2 } octets ? BinaryPrimitives.ReadUInt16BigEndian(octets) : (ushort)0;

    public uint ReadUInt32() =>
        ReadOctets(4) is { Length: 4 } octets ? BinaryPrimitives.ReadUInt32BigEndian(octets) : 0;

    /// <summary>All that is left.</summary>
    public ReadOnlySpan<byte> ReadRest() => ReadOctets(_end - At);

    /// <summary>Octets behind their number (a character-string, RFC 1035 section 3.3).</summary>
    public ReadOnlySpan<byte> ReadString() => ReadOctets(ReadByte());

    public ReadOnlySpan<byte> ReadOctets(int count)
    {
        if (Error is not null || count > _end - At)
        {
            Fail(CutShort);
            return [];
        }

        At += count;
        return _message.Slice(At - count, count);
    }

    /// <summary>
    /// Keeps the reader within the next octets, until <see cref="Leave"/>. Names in there may still point to what stands
    /// before them.
    /// </summary>
    public void Enter(int length)
    {
        if (length > _end - At)
        {
            Fail(CutShort);
            return;
        }

        _end = At + length;
    }

    public void Leave()
    {
        if (!IsAtEnd)
        {
            Fail("the data of a record is longer than what it says");
        }

        _end = _message.Length;
    }

    /// <summary>
    /// A name, whose rest may stand earlier in the message (RFC 1035 section 4.1.4). Each pointer leads further back
    /// than the one before, so there is an end.
    /// </summary>
    public string ReadName()
    {
        Span<byte> name = stackalloc byte[DnsName.MaxLength];
        var length = 0;
        var pointers = 0;
        var (here, end) = (At, _end);
        var earliest = At;
        while (Error is null)
        {
            var octet = here < end ? _message[here] : 0;
            var isPointer = octet >= 0xc0;
            var size = isPointer ? 2 : 1 + octet;
            if (!isPointer && (octet > DnsName.MaxLabel || length + size > DnsName.MaxLength))
            {
                Fail("a name is longer than a name can be");
            }
            else if (here + size > end)
            {
                Fail(CutShort);
            }
            else if (isPointer)
            {
                At = pointers++ == 0 ? here + size : At;
                here = BinaryPrimitives.ReadUInt16BigEndian(_message[here..]) & 0x3fff;
                if (here >= earliest || pointers > MaxPointers)
                {
                    Fail("the pointer of a compressed name does not lead back");
                }

                (earliest, end) = (here, _message.Length);
            }
            else
            {
                _message.Slice(here, size).CopyTo(name[length..]);
                length += size;
                here += size;
                if (octet == 0)
                {
                    At = pointers == 0 ? here : At;
                    return DnsName.ToText(name);
                }
            }
        }

        return ".";
    }

    private void Fail(string error) => Error ??= error;
}
