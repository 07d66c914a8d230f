using System.Net;

namespace Fulcrum.Protocols.Dns;

/// <summary>The data of records as the text that people write.</summary>
internal static class DnsData
{
    /// <summary>Reads all of the data that the reader is in.</summary>
    public static string Read(ref DnsReader reader, DnsRecordType type) =>
        type switch
        {
            DnsRecordType.A => ReadAddress(ref reader, 4),
            DnsRecordType.AAAA => ReadAddress(ref reader, 16),
            DnsRecordType.CNAME or DnsRecordType.NS or DnsRecordType.PTR => reader.ReadName(),
            DnsRecordType.MX => $"{reader.ReadUInt16()} {reader.ReadName()}",
            // Priority, weight, port, target (RFC 2782).
            DnsRecordType.SRV =>
                $"{reader.ReadUInt16()} {reader.ReadUInt16()} {reader.ReadUInt16()} {reader.ReadName()}",
            // Names, then serial, refresh, retry, expire, minimum (RFC 1035 section 3.3.13).
            DnsRecordType.SOA => $"{reader.ReadName()} {reader.ReadName()} {reader.ReadUInt32()} {reader.ReadUInt32()} "
                + $"{reader.ReadUInt32()} {reader.ReadUInt32()} {reader.ReadUInt32()}",
            DnsRecordType.TXT => ReadText(ref reader),
            // Flags, tag, value (RFC 8659 section 4.1).
            DnsRecordType.CAA =>
                $"{reader.ReadByte()} {OctetText.ToLine(reader.ReadString())} \"{OctetText.ToLine(reader.ReadRest())}\"",
            _ => ReadUnknown(ref reader),
        };

    private static string ReadAddress(ref DnsReader reader, int length) =>
        reader.ReadOctets(length) is { IsEmpty: false } octets ? new IPAddress(octets).ToString() : "";

    // Long texts come in pieces of 255 octets, which may part a character.
    private static string ReadText(ref DnsReader reader)
    {
        var octets = new List<byte>();
        while (reader.Error is null && !reader.IsAtEnd)
        {
            octets.AddRange(reader.ReadString());
        }

        return OctetText.ToLine([.. octets]);
    }

    private static string ReadUnknown(ref DnsReader reader)
    {
        var octets = reader.ReadRest();
        return octets.IsEmpty ? "\\# 0" : $"\\# {octets.Length} {Convert.ToHexStringLower(octets)}";
    }
}
