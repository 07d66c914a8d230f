using System.Text;
using Fulcrum.Model.Values;

namespace Fulcrum.Tls.Contexts;

/// <summary>Names of protocols as they stand in a hello, each behind its length (RFC 7301 section 3.1).</summary>
internal static class AlpnWire
{
    /// <exception cref="TlsException">A name is empty, or longer than the wire has room for.</exception>
    public static byte[] Of(Items<string> protocols)
    {
        var wire = new List<byte>();
        foreach (var protocol in protocols)
        {
            var name = Encoding.UTF8.GetBytes(protocol);
            if (name.Length is 0 or > byte.MaxValue)
            {
                throw new TlsException($"alpn: '{protocol}' has to have between 1 and {byte.MaxValue} bytes");
            }
            wire.Add((byte)name.Length);
            wire.AddRange(name);
        }
        return [.. wire];
    }

    /// <summary>The name with its length in front, as it stands in the list; empty: it is not there.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> list, ReadOnlySpan<byte> name)
    {
        for (var rest = list; !rest.IsEmpty && rest[0] < rest.Length; rest = rest[(1 + rest[0])..])
        {
            if (rest.Slice(1, rest[0]).SequenceEqual(name))
            {
                return rest[..(1 + name.Length)];
            }
        }
        return [];
    }
}
