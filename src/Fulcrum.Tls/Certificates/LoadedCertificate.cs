using Fulcrum.Model.Values;

namespace Fulcrum.Tls.Certificates;

/// <summary>A certificate with its chain and its key, seen to belong together.</summary>
public sealed record LoadedCertificate
{
    internal LoadedCertificate() { }

    /// <summary>Names that it holds for, in lower case; a wildcard as it is written.</summary>
    public required Items<string> Names { get; init; }

    public required string Issuer { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Kind and size: <c>ECDSA P-256</c>, <c>RSA 2048</c>.</summary>
    public required string KeyKind { get; init; }

    /// <summary>SHA-256, in hexadecimal digits.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>DER: its own, then those of the authorities as they came with it.</summary>
    public required Items<ReadOnlyMemory<byte>> Chain { get; init; }

    /// <summary>What its authority says of it (RFC 6960), DER, to be stapled. Empty: nothing.</summary>
    public ReadOnlyMemory<byte> OcspResponse { get; init; }

    /// <summary>Where it came from, for messages.</summary>
    internal string Place { get; init; } = "";

    internal bool IsRsa { get; init; }

    /// <summary>PKCS#8. Not public, so that nothing prints it.</summary>
    internal ReadOnlyMemory<byte> Key { get; init; }

    /// <summary>Of what is in memory already.</summary>
    /// <param name="place">What messages call it.</param>
    /// <param name="chain">DER: its own, then those of the authorities.</param>
    /// <param name="key">PKCS#8.</param>
    /// <exception cref="TlsException">Something is damaged, or does not belong together.</exception>
    public static LoadedCertificate Of(string place, Items<ReadOnlyMemory<byte>> chain, ReadOnlyMemory<byte> key)
    {
        if (chain.IsEmpty)
        {
            throw new TlsException($"{place}: there is no certificate");
        }
        return Combine(place, chain, place, new PemBlock("PRIVATE KEY", key.ToArray()), null);
    }

    internal static LoadedCertificate Combine(
        string place,
        Items<ReadOnlyMemory<byte>> chain,
        string keyPlace,
        PemBlock key,
        string? passphrase
    )
    {
        using var leaf = CertificateReader.Read(place, chain[0]);
        return CertificateReader.Guard(
            place,
            () =>
            {
                using var pair = KeyReader.Read(keyPlace, leaf, key, passphrase);
                return CertificateReader.Describe(place, leaf, chain, pair);
            }
        );
    }
}
