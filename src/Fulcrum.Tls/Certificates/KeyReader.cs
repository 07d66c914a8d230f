using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fulcrum.Tls.Certificates;

/// <summary>Reads private keys, and sees that they belong to their certificates.</summary>
internal static class KeyReader
{
    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string EllipticCurve = "1.2.840.10045.2.1";

    /// <exception cref="TlsException">It cannot be read, or belongs to another certificate.</exception>
    public static AsymmetricAlgorithm Read(string place, X509Certificate2 leaf, PemBlock block, string? passphrase)
    {
        if (block.Label == PemBlock.EncryptedKey && passphrase is null)
        {
            throw new TlsException($"{place}: the key is encrypted; its passphrase is expected");
        }
        var key = Open(place, leaf, block, passphrase);
        if (BelongsTo(leaf, key))
        {
            return key;
        }
        key.Dispose();
        throw NotItsKey(place);
    }

    private static AsymmetricAlgorithm Open(string place, X509Certificate2 leaf, PemBlock block, string? passphrase)
    {
        var isRsa = IsRsa(place, leaf);
        var key = TryImport(isRsa, block, passphrase, out var problem);
        if (key is not null)
        {
            return key;
        }
        if (TryImport(!isRsa, block, passphrase, out _) is { } other)
        {
            other.Dispose();
            throw NotItsKey(place);
        }
        throw block.Label == PemBlock.EncryptedKey
            ? new TlsException($"{place}: the passphrase does not open the key, or the key is damaged", problem)
            : new TlsException($"{place}: the key is damaged: {problem!.Message}", problem);
    }

    private static bool IsRsa(string place, X509Certificate2 leaf) =>
        leaf.PublicKey.Oid.Value switch
        {
            Rsa => true,
            EllipticCurve => false,
            var other => throw new TlsException(
                $"{place}: the certificate's key is of the kind {other}; RSA and ECDSA are supported"
            ),
        };

    private static AsymmetricAlgorithm? TryImport(
        bool isRsa,
        PemBlock block,
        string? passphrase,
        out Exception? problem
    )
    {
        AsymmetricAlgorithm key = isRsa ? RSA.Create() : ECDsa.Create();
        try
        {
            Import(key, block, passphrase);
            problem = null;
            return key;
        }
        // The second: a curve that the platform does not have.
        catch (Exception exception) when (exception is CryptographicException or NotSupportedException)
        {
            key.Dispose();
            problem = exception;
            return null;
        }
    }

    private static void Import(AsymmetricAlgorithm key, PemBlock block, string? passphrase)
    {
        switch (block.Label, key)
        {
            case ("RSA PRIVATE KEY", RSA rsa):
                rsa.ImportRSAPrivateKey(block.Data, out _);
                break;
            case ("EC PRIVATE KEY", ECDsa curve):
                curve.ImportECPrivateKey(block.Data, out _);
                break;
            case ("PRIVATE KEY", _):
                key.ImportPkcs8PrivateKey(block.Data, out _);
                break;
            case (PemBlock.EncryptedKey, _):
                key.ImportEncryptedPkcs8PrivateKey(passphrase, block.Data, out _);
                break;
            default:
                throw new CryptographicException($"{block.Label} is of another kind");
        }
    }

    private static bool BelongsTo(X509Certificate2 leaf, AsymmetricAlgorithm key) =>
        key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(leaf.PublicKey.ExportSubjectPublicKeyInfo());

    private static TlsException NotItsKey(string place) =>
        new($"{place}: the key does not belong to the certificate (the server's own is expected first in its file)");
}
