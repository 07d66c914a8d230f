using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fulcrum.TestKit.Certificates;

/// <summary>What an authority of a test says of one certificate (RFC 6960 section 4.2.1), signed by itself.</summary>
public sealed record OcspAnswer
{
    private static readonly Asn1Tag Zero = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag ByKey = new(TagClass.ContextSpecific, 2);

    /// <summary>0: good; 1: revoked; 2: unknown.</summary>
    public int Status { get; init; }

    public DateTimeOffset ThisUpdate { get; init; } = TimeProvider.System.GetUtcNow().AddHours(-1);

    /// <summary>Null: it is not said.</summary>
    public DateTimeOffset? NextUpdate { get; init; } = TimeProvider.System.GetUtcNow().AddDays(1);

    /// <summary>Of the key by which the issuer is known; null: the issuer's.</summary>
    public X509Certificate2? Issuer { get; init; }

    /// <summary>Anything but zero: there is no answer (RFC 6960 section 4.2.1, OCSPResponseStatus).</summary>
    public int Failure { get; init; }

    /// <summary>DER.</summary>
    public byte[] Write(TestAuthority authority, X509Certificate2 certificate)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue([10, 1, (byte)Failure]);
            if (Failure == 0)
            {
                using var bytes = writer.PushSequence(Zero);
                using var response = writer.PushSequence();
                writer.WriteObjectIdentifier("1.3.6.1.5.5.7.48.1.1");
                writer.WriteOctetString(Basic(authority, certificate));
            }
        }
        return writer.Encode();
    }

    private byte[] Basic(TestAuthority authority, X509Certificate2 certificate)
    {
        var data = Data(authority, certificate);
        using var key = authority.Certificate.GetECDsaPrivateKey()!;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(data);
            using (writer.PushSequence())
            {
                // ecdsa-with-SHA256.
                writer.WriteObjectIdentifier("1.2.840.10045.4.3.2");
            }
            writer.WriteBitString(key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        }
        return writer.Encode();
    }

    private byte[] Data(TestAuthority authority, X509Certificate2 certificate)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(ByKey))
            {
                writer.WriteOctetString(KeyHash(authority.Certificate));
            }
            writer.WriteGeneralizedTime(ThisUpdate, omitFractionalSeconds: true);
            using (writer.PushSequence())
            {
                WriteStatement(writer, authority, certificate);
            }
        }
        return writer.Encode();
    }

    private void WriteStatement(AsnWriter writer, TestAuthority authority, X509Certificate2 certificate)
    {
        using var statement = writer.PushSequence();
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.3.14.3.2.26");
                writer.WriteNull();
            }
            writer.WriteOctetString(Hash(certificate.IssuerName.RawData));
            writer.WriteOctetString(KeyHash(Issuer ?? authority.Certificate));
            writer.WriteInteger(certificate.SerialNumberBytes.Span);
        }
        var verdict = new Asn1Tag(TagClass.ContextSpecific, Status);
        if (Status == 1)
        {
            using var revoked = writer.PushSequence(verdict);
            writer.WriteGeneralizedTime(ThisUpdate, omitFractionalSeconds: true);
        }
        else
        {
            writer.WriteNull(verdict);
        }
        writer.WriteGeneralizedTime(ThisUpdate, omitFractionalSeconds: true);
        if (NextUpdate is { } end)
        {
            using var next = writer.PushSequence(Zero);
            writer.WriteGeneralizedTime(end, omitFractionalSeconds: true);
        }
    }

    private static byte[] KeyHash(X509Certificate2 certificate) => Hash(certificate.PublicKey.EncodedKeyValue.RawData);

    // What nearly everybody asks with (RFC 5019 section 2.1.1).
#pragma warning disable CA5350
    private static byte[] Hash(byte[] data) => SHA1.HashData(data);
#pragma warning restore CA5350
}
