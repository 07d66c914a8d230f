using System.Buffers.Binary;

namespace Fulcrum.Protocols.Framing;

/// <summary>
/// Datagrams in a byte stream: before each stands its length, 16 bits with the more significant octet first (RFC 4571
/// section 2; so does DNS over TCP, RFC 1035 section 4.2.2). <see cref="LengthDeframer"/> is the way back.
/// </summary>
public static class LengthFraming
{
    /// <summary>Bytes before each message.</summary>
    public const int PrefixLength = sizeof(ushort);

    /// <summary>The longest message whose length can be told.</summary>
    public const int MaxMessage = ushort.MaxValue;

    /// <summary>Writes what stands before a message of <paramref name="length"/> bytes.</summary>
    public static void WriteLength(Span<byte> destination, int length) =>
        BinaryPrimitives.WriteUInt16BigEndian(destination, checked((ushort)length));
}
