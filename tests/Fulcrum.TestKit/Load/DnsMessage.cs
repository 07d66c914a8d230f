using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Fulcrum.TestKit.Load;

/// <summary>
/// A DNS response as far as tests ask (RFC 1035 section 4): its identifier, its code, and the answers as texts:
/// addresses, character strings, or <c>priority weight port target</c>. Written anew for the tests, so that a
/// mistake in the product's codec does not hide behind itself.
/// </summary>
public sealed record DnsMessage(ushort Id, int ResponseCode, IReadOnlyList<string> Answers)
{
    private const int HeaderLength = 12;
    private const int MostJumps = 32;

    /// <summary>One question, class IN, recursion desired.</summary>
    public static byte[] EncodeQuery(ushort id, string name, DnsType type)
    {
        var query = new List<byte> { (byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (var label in name.TrimEnd('.').Split('.'))
        {
            query.Add((byte)label.Length);
            query.AddRange(Encoding.ASCII.GetBytes(label));
        }

        query.AddRange([0, 0, (byte)type, 0, 1]);
        return [.. query];
    }

    /// <summary>Reads a response.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static DnsMessage Decode(ReadOnlySpan<byte> message)
    {
        try
        {
            return DecodeChecked(message);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new FormatException("the DNS message is cut short", e);
        }
        catch (IndexOutOfRangeException e)
        {
            throw new FormatException("the DNS message is cut short", e);
        }
    }

    private static DnsMessage DecodeChecked(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderLength || (message[2] & 0x80) == 0)
        {
            throw new FormatException("not a DNS response");
        }

        var questions = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        var answers = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        var at = HeaderLength;
        for (var i = 0; i < questions; i++)
        {
            ReadName(message, ref at);
            at += 4;
        }

        var texts = new List<string>();
        for (var i = 0; i < answers; i++)
        {
            ReadName(message, ref at);
            var type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
            at += 10;
            texts.Add(ReadData(message, at, length, type));
            at += length;
        }

        return new DnsMessage(BinaryPrimitives.ReadUInt16BigEndian(message), message[3] & 0x0f, texts);
    }

    private static string ReadData(ReadOnlySpan<byte> message, int at, int length, DnsType type)
    {
        var data = message.Slice(at, length);
        switch (type)
        {
            case DnsType.A or DnsType.Aaaa when length is 4 or 16:
                return new IPAddress(data).ToString();
            case DnsType.Txt:
                return Encoding.UTF8.GetString(data.Slice(1, data[0]));
            case DnsType.Srv:
                var target = at + 6;
                return $"{BinaryPrimitives.ReadUInt16BigEndian(data)} {BinaryPrimitives.ReadUInt16BigEndian(data[2..])} "
                    + $"{BinaryPrimitives.ReadUInt16BigEndian(data[4..])} {ReadName(message, ref target)}";
            default:
                return Convert.ToHexString(data);
        }
    }

    /// <summary>Names may jump back to earlier ones (RFC 1035 section 4.1.4).</summary>
    private static string ReadName(ReadOnlySpan<byte> message, ref int at)
    {
        var name = new StringBuilder();
        var here = at;
        var jumps = 0;
        while (message[here] != 0)
        {
            if (message[here] >= 0xc0)
            {
                at = jumps++ == 0 ? here + 2 : at;
                here = BinaryPrimitives.ReadUInt16BigEndian(message[here..]) & 0x3fff;
                if (jumps > MostJumps)
                {
                    throw new FormatException("a DNS name that jumps without end");
                }

                continue;
            }

            name.Append(Encoding.ASCII.GetString(message.Slice(here + 1, message[here]))).Append('.');
            here += message[here] + 1;
        }

        at = jumps == 0 ? here + 1 : at;
        return name.ToString();
    }
}
