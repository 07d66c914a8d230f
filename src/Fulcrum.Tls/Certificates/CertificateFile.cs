using System.Security.Cryptography;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;

namespace Fulcrum.Tls.Certificates;

/// <summary>
/// Reads a certificate with its chain and key: PEM (RFC 7468), with the key in the same file or in one of its own, in the
/// forms of PKCS#1, SEC 1 or PKCS#8, or everything in a PKCS#12 file. A file with a key that everybody can read is refused:
/// it is no secret any more.
/// </summary>
public static class CertificateFile
{
    private const byte DerSequence = 0x30;

    /// <exception cref="TlsException">A file cannot be used; the message names it, and tells what was expected.</exception>
    public static LoadedCertificate Load(CertificateReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        var bytes = BoundedFile.Read(reference.File, out var isOpenToAll);
        try
        {
            if (bytes is [DerSequence, ..])
            {
                RefuseOpenKey(reference.File, isOpenToAll);
                return PackedCertificate.Read(reference.File, bytes, PassphraseOf(reference));
            }
            var blocks = PemBlocks.Read(reference.File, bytes);
            var chain = blocks.Where(block => block.IsCertificate).Select(block => (ReadOnlyMemory<byte>)block.Data);
            return Combine(reference, Items.From(chain), blocks, isOpenToAll);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private static LoadedCertificate Combine(
        CertificateReference reference,
        Items<ReadOnlyMemory<byte>> chain,
        IReadOnlyList<PemBlock> blocks,
        bool isOpenToAll
    )
    {
        if (chain.IsEmpty)
        {
            throw new TlsException(
                $"{reference.File}: holds no certificate (PEM, BEGIN CERTIFICATE, or a PKCS#12 file is expected)"
            );
        }
        var block = FindKey(reference, blocks, isOpenToAll);
        try
        {
            var keyPlace = reference.KeyFile ?? reference.File;
            return LoadedCertificate.Combine(reference.File, chain, keyPlace, block, PassphraseOf(reference));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(block.Data);
        }
    }

    private static PemBlock FindKey(CertificateReference reference, IReadOnlyList<PemBlock> blocks, bool isOpenToAll)
    {
        var file = reference.File;
        if (reference.KeyFile is { } keyFile)
        {
            var bytes = BoundedFile.Read(keyFile, out isOpenToAll);
            (file, blocks) = (keyFile, PemBlocks.Read(keyFile, bytes));
            CryptographicOperations.ZeroMemory(bytes);
        }
        var keys = blocks.Where(block => block.IsKey).ToArray();
        if (keys.Length != 1)
        {
            throw new TlsException(
                keys.Length == 0
                    ? $"{file}: holds no key (PEM, BEGIN PRIVATE KEY, is expected{(reference.KeyFile is null ? "; or name its file" : "")})"
                    : $"{file}: holds {keys.Length} keys, but one is expected"
            );
        }
        RefuseOpenKey(file, isOpenToAll);
        return keys[0];
    }

    private static void RefuseOpenKey(string file, bool isOpenToAll)
    {
        if (isOpenToAll)
        {
            throw new TlsException($"{file}: everybody can read the key; 'chmod o-r {file}' helps");
        }
    }

    private static string? PassphraseOf(CertificateReference reference) =>
        reference.Passphrase is { } secret ? Passphrase.Read(secret) : null;
}
