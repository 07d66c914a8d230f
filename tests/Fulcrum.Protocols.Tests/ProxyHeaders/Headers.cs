using System.Net;
using System.Text;
using Fulcrum.Protocols.ProxyHeaders;

namespace Fulcrum.Protocols.Tests.ProxyHeaders;

/// <summary>Headers as text and bytes, and what was read as text to compare.</summary>
internal static class Headers
{
    public static readonly byte[] Signature = "\r\n\r\n\0\r\nQUIT\n"u8.ToArray();

    /// <summary>A header of version 2 with a right length.</summary>
    public static byte[] Binary(byte command, byte family, params byte[][] block)
    {
        byte[] all = [.. block.SelectMany(part => part)];
        return [.. Signature, command, family, (byte)(all.Length >> 8), (byte)all.Length, .. all];
    }

    public static byte[] Tlv(ProxyTlvType type, params byte[] value) =>
        [(byte)type, (byte)(value.Length >> 8), (byte)value.Length, .. value];

    public static byte[] Hex(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>All that the reader has to say.</summary>
    public static string Describe(ReadOnlySpan<byte> received)
    {
        var reading = ProxyHeaderReader.Read(received, out var header, out var error);
        if (reading != ProxyReading.Complete)
        {
            return error is null ? $"{reading}" : $"{reading}: {error}";
        }

        var text = new StringBuilder();
        text.Append($"v{header.Version} {header.Length} {header.Command}");
        if (header.HasAddresses)
        {
            text.Append($" {header.Transport} {header.Family}");
            text.Append(
                header.Family == ProxyFamily.Unix
                    ? $" {Text(header.SourcePath)} {Text(header.DestinationPath)}"
                    : $" {Text(header.Source)} {Text(header.Destination)}"
            );
        }

        foreach (var tlv in header.Tlvs)
        {
            text.Append($" {tlv.Type}={Text(tlv.Value)}");
        }

        return text.ToString();
    }

    public static ProxyAddress Address(string endPoint)
    {
        var (address, port) = (IPEndPoint.Parse(endPoint).Address, (ushort)IPEndPoint.Parse(endPoint).Port);
        var bits = address.GetAddressBytes().Aggregate(UInt128.Zero, (sum, octet) => (sum << 8) | octet);
        return new(address.GetAddressBytes().Length == 4 ? ProxyFamily.IPv4 : ProxyFamily.IPv6, bits, port);
    }

    public static string Text(ProxyAddress address) =>
        new IPEndPoint(ToIPAddress(address.Family, address.Bits), address.Port).ToString();

    public static IPAddress ToIPAddress(ProxyFamily family, UInt128 bits)
    {
        var bytes = new byte[family == ProxyFamily.IPv4 ? 4 : 16];
        for (var at = bytes.Length - 1; at >= 0; at--, bits >>= 8)
        {
            bytes[at] = (byte)bits;
        }

        return new IPAddress(bytes);
    }

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes).Replace('\0', '@');

    /// <summary>CRC32c bit by bit, as RFC 3309 has it.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var octet in bytes)
        {
            sum ^= octet;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum >> 1) ^ ((sum & 1) * 0x82F63B78);
            }
        }

        return ~sum;
    }
}
