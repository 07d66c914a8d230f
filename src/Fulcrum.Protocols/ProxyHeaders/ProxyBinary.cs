using System.Buffers.Binary;
using System.Numerics;

namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>The layout of version 2 (section 2.2): signature, version and command, family and transport, length.</summary>
internal static class ProxyBinary
{
    /// <summary>Bytes before the block of addresses and TLVs.</summary>
    public const int HeaderLength = 16;

    /// <summary>A block could have 64 KiB; what is sent in practice is far smaller, and has to be held in memory.</summary>
    public const int MaxBlockLength = 2048;

    public const int CommandAt = 12;
    public const int FamilyAt = 13;
    public const int LengthAt = 14;
    public const int Version = 2;

    public const int IPv4Length = 12;
    public const int IPv6Length = 36;
    public const int PathLength = 108;
    public const int ChecksumLength = 4;
    public const int MaxUniqueId = 128;

    public static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Bytes of both addresses with their ports.</summary>
    public static int AddressesLength(ProxyFamily family) =>
        family switch
        {
            ProxyFamily.IPv4 => IPv4Length,
            ProxyFamily.IPv6 => IPv6Length,
            ProxyFamily.Unix => 2 * PathLength,
            _ => 0,
        };

    /// <summary>CRC32c (RFC 4960 appendix B) of the header, as if zeros stood where the checksum stands.</summary>
    public static uint Checksum(ReadOnlySpan<byte> header, int checksumAt)
    {
        var sum = uint.MaxValue;
        sum = Add(sum, header[..checksumAt]);
        sum = BitOperations.Crc32C(sum, 0u);
        sum = Add(sum, header[(checksumAt + ChecksumLength)..]);
        return ~sum;
    }

    private static uint Add(uint sum, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var octet in bytes)
        {
            sum = BitOperations.Crc32C(sum, octet);
        }

        return sum;
    }
}
