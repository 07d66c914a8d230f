using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fulcrum.Tls.Certificates;

/// <summary>What an authority says of one certificate (RFC 6960 section 4.2.1, SingleResponse).</summary>
internal sealed record OcspStatement
{
    private static readonly Asn1Tag Good = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Revoked = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag End = new(TagClass.ContextSpecific, 0, isConstructed: true);

    private OcspStatement() { }

    /// <summary>By which the issuer's name and key are known.</summary>
    public required string HashAlgorithm { get; init; }

    public required ReadOnlyMemory<byte> IssuerName { get; init; }

    public required ReadOnlyMemory<byte> IssuerKey { get; init; }

    public required ReadOnlyMemory<byte> SerialNumber { get; init; }

    public required OcspVerdict Verdict { get; init; }

    public required DateTimeOffset ThisUpdate { get; init; }

    /// <summary>There is news from then on at the latest. Null: there may be at any time.</summary>
    public required DateTimeOffset? NextUpdate { get; init; }

    /// <exception cref="AsnContentException">It is malformed.</exception>
    public static OcspStatement Read(AsnReader reader)
    {
        var id = reader.ReadSequence();
        var algorithm = id.ReadSequence().ReadObjectIdentifier();
        return new()
        {
            HashAlgorithm = algorithm,
            IssuerName = id.ReadOctetString(),
            IssuerKey = id.ReadOctetString(),
            SerialNumber = id.ReadIntegerBytes(),
            Verdict = ReadVerdict(reader),
            ThisUpdate = reader.ReadGeneralizedTime(),
            NextUpdate =
                reader.HasData && reader.PeekTag() == End ? reader.ReadSequence(End).ReadGeneralizedTime() : null,
        };
    }

    /// <param name="issuer">Null: its certificate is not known, and then its name has to do.</param>
    public bool IsAbout(X509Certificate2 certificate, X509Certificate2? issuer) =>
        SerialNumber.Span.SequenceEqual(certificate.SerialNumberBytes.Span)
        && Hash(certificate.IssuerName.RawData) is { } name
        && IssuerName.Span.SequenceEqual(name)
        && (issuer is null || IssuerKey.Span.SequenceEqual(Hash(issuer.PublicKey.EncodedKeyValue.RawData)));

    private static OcspVerdict ReadVerdict(AsnReader reader)
    {
        var tag = reader.PeekTag();
        _ = reader.ReadEncodedValue();
        return tag.HasSameClassAndValue(Good) ? OcspVerdict.Good
            : tag.HasSameClassAndValue(Revoked) ? OcspVerdict.Revoked
            : OcspVerdict.Unknown;
    }

    // SHA-1 is what nearly everybody asks with; here it only finds, and proves nothing.
#pragma warning disable CA5350
    private byte[]? Hash(byte[] data) =>
        HashAlgorithm switch
        {
            "1.3.14.3.2.26" => SHA1.HashData(data),
            "2.16.840.1.101.3.4.2.1" => SHA256.HashData(data),
            "2.16.840.1.101.3.4.2.2" => SHA384.HashData(data),
            "2.16.840.1.101.3.4.2.3" => SHA512.HashData(data),
            _ => null,
        };
#pragma warning restore CA5350
}
