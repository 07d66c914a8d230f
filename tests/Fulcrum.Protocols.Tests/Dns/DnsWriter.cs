using System.Buffers.Binary;
using System.Net;
using System.Text;
using Fulcrum.Protocols.Dns;

namespace Fulcrum.Protocols.Tests.Dns;

/// <summary>
/// Writes responses; names are compressed wherever an earlier one has the same end, or never. Its names have no dots
/// within labels.
/// </summary>
internal sealed class DnsWriter(bool compress)
{
    private readonly List<byte> _octets = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

    public static byte[] Response(
        DnsQuestion question,
        IEnumerable<DnsRecord> records,
        bool compress,
        int flags = 0x8180
    )
    {
        var writer = new DnsWriter(compress);
        var answers = records.ToArray();
        writer.Write16(0x1234, flags, 1, answers.Length, 0, 0);
        writer.WriteName(question.Name);
        writer.Write16((int)question.Type, 1);
        foreach (var record in answers)
        {
            writer.WriteName(record.Name);
            writer.Write16((int)record.Type, 1);
            writer.Write32(record.Ttl);
            writer.WriteData(record.Type, record.Data);
        }

        return [.. writer._octets];
    }

    private void WriteData(DnsRecordType type, string data)
    {
        Write16(0);
        var start = _octets.Count;
        var words = data.Split(' ');
        switch (type)
        {
            case DnsRecordType.A or DnsRecordType.AAAA:
                _octets.AddRange(IPAddress.Parse(data).GetAddressBytes());
                break;
            case DnsRecordType.TXT:
                foreach (var piece in Encoding.UTF8.GetBytes(data).Chunk(255))
                {
                    _octets.AddRange([(byte)piece.Length, .. piece]);
                }

                break;
            case DnsRecordType.CAA:
                var value = words[2].Trim('"');
                _octets.AddRange([byte.Parse(words[0]), (byte)words[1].Length]);
                _octets.AddRange(Encoding.UTF8.GetBytes(words[1] + value));
                break;
            case DnsRecordType.SOA:
                WriteName(words[0]);
                WriteName(words[1]);
                words[2..].ToList().ForEach(word => Write32(uint.Parse(word)));
                break;
            case DnsRecordType.CNAME or DnsRecordType.NS or DnsRecordType.PTR or DnsRecordType.MX or DnsRecordType.SRV:
                Write16([.. words[..^1].Select(int.Parse)]);
                WriteName(words[^1]);
                break;
            default:
                _octets.AddRange(words.Length > 2 ? Convert.FromHexString(words[2]) : []);
                break;
        }

        var length = _octets.Count - start;
        (_octets[start - 2], _octets[start - 1]) = ((byte)(length >> 8), (byte)length);
    }

    private void WriteName(string name)
    {
        for (var rest = name; rest is not ("" or "."); rest = rest[(rest.Split('.')[0].Length)..].TrimStart('.'))
        {
            if (compress && _names.TryGetValue(rest, out var at))
            {
                Write16(0xc000 | at);
                return;
            }

            if (_octets.Count < 0x4000)
            {
                _names[rest] = _octets.Count;
            }

            var label = Encoding.ASCII.GetBytes(rest.Split('.')[0]);
            _octets.AddRange([(byte)label.Length, .. label]);
        }

        _octets.Add(0);
    }

    private void Write16(params ReadOnlySpan<int> values)
    {
        foreach (var value in values)
        {
            _octets.AddRange([(byte)(value >> 8), (byte)value]);
        }
    }

    private void Write32(uint value)
    {
        Span<byte> octets = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        _octets.AddRange(octets);
    }
}
