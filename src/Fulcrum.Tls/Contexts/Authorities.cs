using System.Security.Cryptography;
using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.OpenSsl;

namespace Fulcrum.Tls.Contexts;

/// <summary>Who may vouch for a peer, and whom they have taken it back from.</summary>
internal sealed unsafe class Authorities
{
    private const nuint CheckRevocation = 0x4;
    private const nuint PartialChains = 0x80000;

    // The system's directory is read name by name when somebody is to be verified, so one store serves all and sees
    // what comes. It lives as long as the process.
    private static readonly Lazy<nint> System = new(ReadSystem);

    private readonly string _file;
    private readonly byte[][] _certificates;
    private readonly (string File, byte[] List)[] _revocations;

    private Authorities(string file, byte[][] certificates, (string, byte[])[] revocations)
    {
        (_file, _certificates, _revocations) = (file, certificates, revocations);
    }

    /// <summary>Certificates are read from the first file; lists of the revoked from both.</summary>
    public static Authorities Load(string file, string? revocationLists)
    {
        var blocks = PemBlocks.Load(file);
        var certificates = blocks.Where(block => block.IsCertificate).Select(block => block.Data).ToArray();
        if (certificates.Length == 0)
        {
            throw new TlsException(
                $"{file}: holds no certificate of an authority (PEM, BEGIN CERTIFICATE, is expected)"
            );
        }
        var lists = blocks.Where(block => block.IsRevocationList).Select(block => (file, block.Data)).ToList();
        if (revocationLists is not null)
        {
            lists.AddRange(ReadLists(revocationLists).Select(list => (revocationLists, list)));
        }
        return new(file, certificates, [.. lists]);
    }

    public static void UseSystem(ContextHandle context)
    {
        _ = Crypto.ShareStore(System.Value);
        Ssl.SetAuthorities(context, System.Value);
    }

    /// <summary>Verifies peers by them. What is listed is trusted, be it a root or not.</summary>
    public void Use(ContextHandle context)
    {
        var store = NewStore();
        // The context frees it.
        Ssl.SetAuthorities(context, store);
        _ = Crypto.SetStoreFlags(store, PartialChains | (_revocations.Length > 0 ? CheckRevocation : 0));
        foreach (var der in _certificates)
        {
            using var certificate = NativeCertificate.Read(der, _file);
            if (Crypto.AddAuthority(store, certificate.Pointer) != 1)
            {
                throw TlsException.FromLibrary($"{_file}: an authority cannot be used");
            }
        }
        foreach (var (file, list) in _revocations)
        {
            AddRevocations(store, file, list);
        }
    }

    /// <summary>Tells clients from whom a certificate is wanted (RFC 8446 section 4.2.4).</summary>
    public void Tell(ContextHandle context)
    {
        foreach (var der in _certificates)
        {
            using var certificate = NativeCertificate.Read(der, _file);
            _ = Ssl.TellAuthority(context, certificate.Pointer);
        }
    }

    public void AppendTo(IncrementalHash hash)
    {
        foreach (var data in _certificates.Concat(_revocations.Select(list => list.List)))
        {
            hash.AppendData(SHA256.HashData(data));
        }
    }

    // Authorities publish them as DER (RFC 5280 section 4.2.1.13), tools write PEM.
    private static byte[][] ReadLists(string file)
    {
        const byte DerSequence = 0x30;
        var bytes = BoundedFile.Read(file);
        if (bytes is [DerSequence, ..])
        {
            return [bytes];
        }
        var lists = PemBlocks.Read(file, bytes).Where(block => block.IsRevocationList);
        return lists.Any()
            ? [.. lists.Select(block => block.Data)]
            : throw new TlsException(
                $"{file}: holds no revocation list (PEM, BEGIN X509 CRL, or one in DER is expected)"
            );
    }

    private static void AddRevocations(nint store, string file, byte[] der)
    {
        fixed (byte* bytes = der)
        {
            var at = bytes;
            var list = Crypto.ReadRevocations(null, &at, der.Length);
            if (list == 0)
            {
                throw TlsException.FromLibrary($"{file}: a revocation list is damaged");
            }
            var result = Crypto.AddRevocations(store, list);
            Crypto.FreeRevocations(list);
            if (result != 1)
            {
                throw TlsException.FromLibrary($"{file}: a revocation list cannot be used");
            }
        }
    }

    private static nint ReadSystem()
    {
        var store = NewStore();
        return Crypto.AddSystemAuthorities(store) == 1
            ? store
            : throw TlsException.FromLibrary("the system's authorities cannot be read");
    }

    private static nint NewStore() =>
        Crypto.NewStore() is var store and not 0 ? store : throw TlsException.FromLibrary("no memory for authorities");
}
