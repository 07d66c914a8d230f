using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Fulcrum.Protocols.Tests.Radius;

/// <summary>
/// The other side, written anew: what a server makes of a request, and its responses. Attributes are pairs of their
/// numbers and values.
/// </summary>
[SuppressMessage("Security", "CA5351", Justification = "RFC 2865 and RFC 3579 demand MD5.")]
internal sealed class RadiusServer(byte[] secret)
{
    public static List<(int Type, byte[] Value)> Attributes(ReadOnlySpan<byte> packet)
    {
        var attributes = new List<(int, byte[])>();
        Assert.Equal(packet.Length, packet[2] << 8 | packet[3]);
        for (var at = 20; at < packet.Length; at += packet[at + 1])
        {
            attributes.Add((packet[at], packet[(at + 2)..(at + packet[at + 1])].ToArray()));
        }

        return attributes;
    }

    /// <summary>The keyed digest over the packet with zeros in the place of the first attribute's value.</summary>
    public byte[] Signature(ReadOnlySpan<byte> packet)
    {
        byte[] signed = [.. packet[..22], .. new byte[16], .. packet[38..]];
        return HMACMD5.HashData(secret, signed);
    }

    public string Show(byte[] hidden, ReadOnlySpan<byte> authenticator)
    {
        var before = authenticator.ToArray();
        var password = new List<byte>();
        foreach (var block in hidden.Chunk(16))
        {
            password.AddRange(MD5.HashData([.. secret, .. before]).Zip(block, (mask, octet) => (byte)(mask ^ octet)));
            before = block;
        }

        return Encoding.UTF8.GetString([.. password]).TrimEnd('\0');
    }

    public byte[] Respond(ReadOnlySpan<byte> request, int code, bool sign, params (int Type, byte[] Value)[] attributes)
    {
        (int Type, byte[] Value)[] signature = sign ? [(80, new byte[16])] : [];
        byte[] body =
        [
            .. signature
                .Concat(attributes)
                .SelectMany<(int Type, byte[] Value), byte>(one =>
                    [(byte)one.Type, (byte)(one.Value.Length + 2), .. one.Value]
                ),
        ];
        var length = 20 + body.Length;
        byte[] response = [(byte)code, request[1], (byte)(length >> 8), (byte)length, .. request[4..20], .. body];
        if (sign)
        {
            Signature(response).CopyTo(response, 22);
        }

        return Seal(response);
    }

    /// <summary>Puts the Response Authenticator in the place of the request's.</summary>
    public byte[] Seal(byte[] response)
    {
        MD5.HashData([.. response, .. secret]).CopyTo(response, 4);
        return response;
    }
}
