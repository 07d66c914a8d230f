using System.Buffers.Binary;

namespace Fulcrum.Protocols.Radius;

/// <summary>Goes through the attributes of a packet whose lengths fit (RFC 2865 sections 3 and 5).</summary>
internal ref struct RadiusReader
{
    private const int MaxLength = 4096;

    private readonly ReadOnlySpan<byte> _packet;
    private int _next = RadiusWriter.HeaderLength;

    private RadiusReader(ReadOnlySpan<byte> packet) => _packet = packet;

    public RadiusAttribute Type { get; private set; }

    /// <summary>Where the value begins in the packet.</summary>
    public int At { get; private set; }

    public readonly ReadOnlySpan<byte> Value => _packet[At.._next];

    /// <summary>The packet without what follows it in the datagram, which is padding; empty when it is none.</summary>
    public static ReadOnlySpan<byte> Packet(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < RadiusWriter.HeaderLength)
        {
            return [];
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (length is < RadiusWriter.HeaderLength or > MaxLength || length > datagram.Length)
        {
            return [];
        }

        var at = RadiusWriter.HeaderLength;
        while (at < length)
        {
            var size = at + 1 < length ? datagram[at + 1] : 0;
            if (size < 2 || at + size > length)
            {
                return [];
            }

            at += size;
        }

        return datagram[..length];
    }

    /// <summary>The attributes of what <see cref="Packet"/> gave.</summary>
    public static RadiusReader Attributes(ReadOnlySpan<byte> packet) => new(packet);

    public bool Next()
    {
        if (_next >= _packet.Length)
        {
            return false;
        }

        Type = (RadiusAttribute)_packet[_next];
        At = _next + 2;
        _next += _packet[_next + 1];
        return true;
    }
}
