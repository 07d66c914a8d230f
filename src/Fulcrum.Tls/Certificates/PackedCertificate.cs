using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Model.Values;

namespace Fulcrum.Tls.Certificates;

/// <summary>A certificate, its key and its chain in one PKCS#12 file (RFC 7292).</summary>
internal static class PackedCertificate
{
    /// <exception cref="TlsException">It cannot be used.</exception>
    public static LoadedCertificate Read(string file, ReadOnlySpan<byte> bytes, string? passphrase)
    {
        using var leaf = Open(file, bytes, passphrase, out var others);
        return CertificateReader.Guard(file, () => Describe(file, leaf, others));
    }

    private static LoadedCertificate Describe(string file, X509Certificate2 leaf, X509Certificate2[] others)
    {
        using AsymmetricAlgorithm? key = (AsymmetricAlgorithm?)leaf.GetRSAPrivateKey() ?? leaf.GetECDsaPrivateKey();
        return key is null
            ? throw new TlsException(
                $"{file}: the certificate's key is of the kind {leaf.PublicKey.Oid.Value}; RSA and ECDSA are supported"
            )
            : CertificateReader.Describe(file, leaf, Items.From(ChainOf(leaf, others)), key);
    }

    private static X509Certificate2 Open(
        string file,
        ReadOnlySpan<byte> bytes,
        string? passphrase,
        out X509Certificate2[] others
    )
    {
        X509Certificate2Collection all;
        try
        {
            all = X509CertificateLoader.LoadPkcs12Collection(
                bytes,
                passphrase,
                X509KeyStorageFlags.EphemeralKeySet | X509KeyStorageFlags.Exportable
            );
        }
        catch (CryptographicException exception)
        {
            throw new TlsException(
                passphrase is null
                    ? $"{file}: is neither PEM nor PKCS#12 without a passphrase: {exception.Message}"
                    : $"{file}: the passphrase does not open it, or it is no PKCS#12 file: {exception.Message}",
                exception
            );
        }
        var own = all.Where(certificate => certificate.HasPrivateKey).ToArray();
        others = [.. all.Where(certificate => !certificate.HasPrivateKey)];
        return own.Length == 1
            ? own[0]
            : throw new TlsException($"{file}: holds {own.Length} certificates with keys, but one is expected");
    }

    // A file of this kind has no order.
    private static IEnumerable<ReadOnlyMemory<byte>> ChainOf(X509Certificate2 leaf, X509Certificate2[] others)
    {
        var left = others.ToList();
        for (var last = leaf; last is not null; )
        {
            yield return last.RawData;
            var above = left.Find(one => one.SubjectName.RawData.AsSpan().SequenceEqual(last.IssuerName.RawData));
            _ = above is not null && left.Remove(above);
            last = above;
        }
    }
}
