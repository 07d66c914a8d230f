using System.Buffers.Text;

namespace Fulcrum.Protocols.Acme;

/// <summary>How a certificate is called where its renewal is asked about (RFC 9773 section 4.1).</summary>
public static class AcmeCertificateId
{
    /// <param name="authorityKey">The key identifier of the certificate's authority.</param>
    /// <param name="serial">Its serial number as DER has it, with the zero before a first bit that is set.</param>
    public static string Of(ReadOnlySpan<byte> authorityKey, ReadOnlySpan<byte> serial) =>
        $"{Base64Url.EncodeToString(authorityKey)}.{Base64Url.EncodeToString(serial)}";
}
