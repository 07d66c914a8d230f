using System.Buffers.Binary;

namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>
/// Reads version 2, once its signature is there. The 16 bytes that all headers have are judged one by one; the block
/// after them is looked at when it is whole (section 2.2).
/// </summary>
internal static class ProxyBinaryReader
{
    private const string WrongChecksum = "the checksum is not that of the header";

    public static ProxyReading Read(ReadOnlySpan<byte> received, out ProxyHeader header, out string? error)
    {
        header = default;
        error = ErrorOfBegin(received);
        if (error is not null)
        {
            return ProxyReading.Invalid;
        }

        if (received.Length < ProxyBinary.HeaderLength)
        {
            return ProxyReading.NeedMore;
        }

        var length = ProxyBinary.HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(received[ProxyBinary.LengthAt..]);
        if (received.Length < length)
        {
            return ProxyReading.NeedMore;
        }

        var whole = received[..length];
        var tlvs = whole[Math.Min(ProxyBinary.HeaderLength + AddressesLength(whole), length)..];
        error = ErrorOfTlvs(whole, tlvs);
        if (error is not null && !IsIgnored(whole, error))
        {
            return ProxyReading.Invalid;
        }

        header = ToHeader(whole, new ProxyTlvs(error is null ? tlvs : []));
        error = null;
        return ProxyReading.Complete;
    }

    private static string? ErrorOfBegin(ReadOnlySpan<byte> received)
    {
        if (received.Length > ProxyBinary.CommandAt)
        {
            if (received[ProxyBinary.CommandAt] >> 4 != ProxyBinary.Version)
            {
                return "the version is not 2";
            }

            if (!Enum.IsDefined(Command(received)))
            {
                return "the command is neither LOCAL nor PROXY";
            }
        }

        // Of LOCAL the family is to be ignored.
        if (received.Length > ProxyBinary.FamilyAt && Command(received) == ProxyCommand.Proxy)
        {
            if (!Enum.IsDefined(Family(received)))
            {
                return "the address family is unknown";
            }

            if (!Enum.IsDefined(Transport(received)))
            {
                return "the transport protocol is unknown";
            }
        }

        return ErrorOfLength(received);
    }

    // The first byte of the length can tell that it is too long.
    private static string? ErrorOfLength(ReadOnlySpan<byte> received)
    {
        if (received.Length <= ProxyBinary.LengthAt)
        {
            return null;
        }

        var isWhole = received.Length >= ProxyBinary.HeaderLength;
        var block = (received[ProxyBinary.LengthAt] << 8) | (isWhole ? received[ProxyBinary.LengthAt + 1] : 0);
        return block > ProxyBinary.MaxBlockLength ? "addresses and TLVs take more than 2048 bytes"
            : isWhole && IsBinding(received) && block < AddressesLength(received)
                ? "the length leaves no room for the addresses"
            : null;
    }

    private static string? ErrorOfTlvs(ReadOnlySpan<byte> whole, ReadOnlySpan<byte> tlvs)
    {
        if (!new ProxyTlvs(tlvs).AreWhole)
        {
            return "a TLV is longer than the header";
        }

        var at = whole.Length - tlvs.Length;
        var checksumAt = 0;
        foreach (var tlv in new ProxyTlvs(tlvs))
        {
            at += ProxyTlv.HeaderLength;
            switch (tlv.Type)
            {
                case ProxyTlvType.Crc32C when tlv.Value.Length != ProxyBinary.ChecksumLength:
                    return "a checksum has four bytes";
                case ProxyTlvType.Crc32C when checksumAt > 0:
                    return "there are two checksums";
                case ProxyTlvType.Crc32C:
                    checksumAt = at;
                    break;
                case ProxyTlvType.UniqueId when tlv.Value.Length > ProxyBinary.MaxUniqueId:
                    return "a unique id has at most 128 bytes";
                case ProxyTlvType.Ssl when !ProxySsl.TryRead(tlv.Value, out _):
                    return "what is said about TLS is cut short";
            }

            at += tlv.Value.Length;
        }

        return
            checksumAt > 0
            && BinaryPrimitives.ReadUInt32BigEndian(whole[checksumAt..]) != ProxyBinary.Checksum(whole, checksumAt)
            ? WrongChecksum
            : null;
    }

    // Whether addresses count. Where they do not, the block may be anything, and is skipped; but TLVs are read where
    // there are good ones, because some proxies give their health checks a unique id or a checksum.
    private static bool IsBinding(ReadOnlySpan<byte> header) =>
        Command(header) == ProxyCommand.Proxy
        && Family(header) != ProxyFamily.Unspecified
        && Transport(header) != ProxyTransport.Unspecified;

    private static bool IsIgnored(ReadOnlySpan<byte> header, string error) =>
        !IsBinding(header) && !ReferenceEquals(error, WrongChecksum);

    private static ProxyHeader ToHeader(ReadOnlySpan<byte> whole, ProxyTlvs tlvs)
    {
        var header = new ProxyHeader
        {
            Version = ProxyBinary.Version,
            Length = whole.Length,
            Command = Command(whole),
            Tlvs = tlvs,
        };
        if (!IsBinding(whole))
        {
            return header;
        }

        var family = Family(whole);
        var addresses = whole.Slice(ProxyBinary.HeaderLength, AddressesLength(whole));
        if (family == ProxyFamily.Unix)
        {
            return header with
            {
                Family = family,
                Transport = Transport(whole),
                SourcePath = Path(addresses[..ProxyBinary.PathLength]),
                DestinationPath = Path(addresses[ProxyBinary.PathLength..]),
            };
        }

        return header with
        {
            Family = family,
            Transport = Transport(whole),
            Source = Address(family, addresses, 0),
            Destination = Address(family, addresses, 1),
        };
    }

    private static ProxyAddress Address(ProxyFamily family, ReadOnlySpan<byte> addresses, int index)
    {
        var size = family == ProxyFamily.IPv4 ? 4 : 16;
        var address = addresses[(index * size)..];
        var port = BinaryPrimitives.ReadUInt16BigEndian(addresses[((2 * size) + (2 * index))..]);
        return new ProxyAddress(
            family,
            family == ProxyFamily.IPv4
                ? BinaryPrimitives.ReadUInt32BigEndian(address)
                : BinaryPrimitives.ReadUInt128BigEndian(address),
            port
        );
    }

    // An abstract name begins with NUL; what else is unused is NUL too.
    private static ReadOnlySpan<byte> Path(ReadOnlySpan<byte> field)
    {
        var end = field[0] == 0 ? field.TrimEnd((byte)0).Length : field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    private static int AddressesLength(ReadOnlySpan<byte> header) => ProxyBinary.AddressesLength(Family(header));

    private static ProxyCommand Command(ReadOnlySpan<byte> header) =>
        (ProxyCommand)(header[ProxyBinary.CommandAt] & 0xf);

    private static ProxyFamily Family(ReadOnlySpan<byte> header) => (ProxyFamily)(header[ProxyBinary.FamilyAt] >> 4);

    private static ProxyTransport Transport(ReadOnlySpan<byte> header) =>
        (ProxyTransport)(header[ProxyBinary.FamilyAt] & 0xf);
}
