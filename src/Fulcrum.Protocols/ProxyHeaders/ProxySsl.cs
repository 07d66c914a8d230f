using System.Buffers.Binary;

namespace Fulcrum.Protocols.ProxyHeaders;

/// <summary>The value of the TLV about TLS: flags, the outcome of verification, and TLVs of its own (section 2.2.6).</summary>
public readonly ref struct ProxySsl
{
    /// <summary>Bytes before the inner TLVs.</summary>
    internal const int HeaderLength = 5;

    /// <summary>Enough for every name that <see cref="Write"/> takes.</summary>
    public const int MaxWritten = HeaderLength + (2 * ProxyTlv.HeaderLength) + MaxVersion + MaxCommonName;

    private const int MaxVersion = 16;

    /// <summary>More than authorities certify (RFC 5280 appendix A, ub-common-name), whatever the letters take in UTF-8.</summary>
    private const int MaxCommonName = 256;

    private ProxySsl(ReadOnlySpan<byte> value)
    {
        Client = (ProxySslFlags)value[0];
        Verify = BinaryPrimitives.ReadUInt32BigEndian(value[1..]);
        Tlvs = new ProxyTlvs(value[HeaderLength..]);
    }

    public ProxySslFlags Client { get; }

    /// <summary>0 when the client showed a certificate and it was found good.</summary>
    public uint Verify { get; }

    /// <summary>Version, common name, cipher and algorithms, each as text.</summary>
    public ProxyTlvs Tlvs { get; }

    /// <summary>Returns its length.</summary>
    /// <param name="to">With room for <see cref="MaxWritten"/>.</param>
    /// <param name="client">With a certificate only if it was found good.</param>
    /// <param name="version">As the field writes it: <c>TLSv1.3</c>.</param>
    /// <param name="commonName">UTF-8; empty, or longer than anybody's: it is not told.</param>
    public static int Write(
        Span<byte> to,
        ProxySslFlags client,
        ReadOnlySpan<byte> version,
        ReadOnlySpan<byte> commonName
    )
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version.Length, MaxVersion);
        to[0] = (byte)client;
        BinaryPrimitives.WriteUInt32BigEndian(to[1..], client.HasFlag(ProxySslFlags.CertificateInSession) ? 0u : 1u);
        var length = HeaderLength;
        Append(to, ref length, ProxyTlvType.SslVersion, version);
        if (commonName.Length is > 0 and <= MaxCommonName)
        {
            Append(to, ref length, ProxyTlvType.SslCommonName, commonName);
        }
        return length;
    }

    private static void Append(Span<byte> to, ref int length, ProxyTlvType type, ReadOnlySpan<byte> value)
    {
        to[length] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(to[(length + 1)..], (ushort)value.Length);
        value.CopyTo(to[(length + ProxyTlv.HeaderLength)..]);
        length += ProxyTlv.HeaderLength + value.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> value, out ProxySsl ssl)
    {
        ssl = value.Length < HeaderLength ? default : new ProxySsl(value);
        return value.Length >= HeaderLength && ssl.Tlvs.AreWhole;
    }
}
