using System.Security.Cryptography;
using Fulcrum.Acme.Client;
using Fulcrum.Acme.Storage;
using Fulcrum.Protocols.Acme;

namespace Fulcrum.Acme.Keys;

/// <summary>The key by which an authority knows us. Whoever has it can have certificates for our names.</summary>
internal sealed class AccountKey : IDisposable
{
    private readonly ECDsa _key;

    private AccountKey(ECDsa key)
    {
        _key = key;
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        Web = new(point.X, point.Y);
        Thumbprint = Web.Thumbprint;
    }

    public JsonWebKey Web { get; }

    public string Thumbprint { get; }

    /// <summary>The key of that file, which is made if there is none.</summary>
    /// <exception cref="AcmeException">There is a file that holds no such key: it is not ours to replace.</exception>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static AccountKey Open(string path)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            if (OwnedFile.Read(path) is not { } text)
            {
                OwnedFile.Write(path, key.ExportPkcs8PrivateKeyPem() + "\n");
                return new(key);
            }

            key.ImportFromPem(text);
            return key.KeySize == 256
                ? new(key)
                : throw new AcmeException($"the key in {path} is not one on the curve P-256");
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new AcmeException($"there is no key in {path}", error);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>ES256.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message) =>
        _key.SignData(message, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    public void Dispose() => _key.Dispose();
}
