using System.Buffers.Binary;

namespace Fulcrum.Protocols.Dns;

/// <summary>Asks (RFC 1035 section 4.1): one question of the class IN.</summary>
public static class DnsQuery
{
    /// <summary>The message, as it is sent in a datagram.</summary>
    /// <exception cref="ArgumentException">The name is none: see <see cref="DnsName.Problem"/>.</exception>
    public static byte[] Encode(ushort id, DnsQuestion question, bool recursionDesired)
    {
        var name = DnsName.TryEncode(question.Name, out var problem);
        if (problem is not null)
        {
            throw new ArgumentException(problem, nameof(question));
        }

        var query = new byte[12 + name.Length + 4];
        BinaryPrimitives.WriteUInt16BigEndian(query, id);
        query[2] = recursionDesired ? (byte)1 : (byte)0;
        query[5] = 1; // One question.
        name.CopyTo(query, 12);
        BinaryPrimitives.WriteUInt16BigEndian(query.AsSpan(query.Length - 4), (ushort)question.Type);
        query[^1] = 1; // The class IN.
        return query;
    }

    /// <summary>The message behind its length, as it is sent over TCP (RFC 7766 section 8): in one piece.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> query) => [(byte)(query.Length >> 8), (byte)query.Length, .. query];
}
