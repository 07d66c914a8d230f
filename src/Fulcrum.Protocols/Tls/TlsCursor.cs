using System.Buffers.Binary;

namespace Fulcrum.Protocols.Tls;

/// <summary>
/// Goes through a message. What cannot be read is zero or empty, and so is all after it: who reads asks once at the end
/// whether something was missing.
/// </summary>
internal ref struct TlsCursor(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public bool IsCutShort { get; private set; }

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte ReadByte() => Read(1) is [var octet] ? octet : (byte)0;

    public ushort ReadUInt16() =>
        Read(2) is { Length: 2 } octets ? BinaryPrimitives.ReadUInt16BigEndian(octets) : (ushort)0;

    /// <summary>Bytes behind their number, which has one byte.</summary>
    public ReadOnlySpan<byte> ReadShort() => Read(ReadByte());

    /// <summary>Bytes behind their number, which has two bytes.</summary>
    public ReadOnlySpan<byte> ReadLong() => Read(ReadUInt16());

    public ReadOnlySpan<byte> Read(int count)
    {
        if (count > _rest.Length)
        {
            IsCutShort = true;
            _rest = [];
            return [];
        }

        var octets = _rest[..count];
        _rest = _rest[count..];
        return octets;
    }
}
