using System.Buffers.Binary;
using System.Text;

namespace Fulcrum.Protocols.Radius;

/// <summary>Writes a packet: code, identifier, length, authenticator, attributes (RFC 2865 section 3).</summary>
internal sealed class RadiusWriter
{
    /// <summary>Bytes before the attributes.</summary>
    public const int HeaderLength = 20;

    /// <summary>Where the authenticator stands.</summary>
    public const int AuthenticatorAt = 4;

    /// <summary>Bytes of an attribute's value.</summary>
    public const int MaxValue = 253;

    private readonly List<byte> _packet;

    public RadiusWriter(RadiusCode code, byte identifier, ReadOnlySpan<byte> authenticator)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(authenticator.Length, RadiusDigests.Length);
        _packet = [(byte)code, identifier, 0, 0, .. authenticator];
    }

    public void Write(RadiusAttribute type, ReadOnlySpan<byte> value) =>
        _packet.AddRange([(byte)type, (byte)(value.Length + 2), .. value]);

    public void Write(RadiusAttribute type, string value) => Write(type, Encoding.UTF8.GetBytes(value));

    public void Write(RadiusAttribute type, byte value) => Write(type, [0, 0, 0, value]);

    public byte[] ToPacket()
    {
        var packet = _packet.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        return packet;
    }
}
