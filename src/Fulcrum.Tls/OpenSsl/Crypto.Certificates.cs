using System.Runtime.InteropServices;

namespace Fulcrum.Tls.OpenSsl;

/// <summary>Entry points for certificates, keys and those who vouch for them.</summary>
internal static unsafe partial class Crypto
{
    [LibraryImport(Library, EntryPoint = "d2i_X509")]
    internal static partial nint ReadCertificate(nint* reuse, byte** data, nint length);

    /// <summary>With a place it writes there and moves it on; without one it tells the length.</summary>
    [LibraryImport(Library, EntryPoint = "i2d_X509")]
    internal static partial int WriteCertificate(nint certificate, byte** place);

    [LibraryImport(Library, EntryPoint = "X509_free")]
    internal static partial void FreeCertificate(nint certificate);

    [LibraryImport(Library, EntryPoint = "d2i_X509_CRL")]
    internal static partial nint ReadRevocations(nint* reuse, byte** data, nint length);

    [LibraryImport(Library, EntryPoint = "X509_CRL_free")]
    internal static partial void FreeRevocations(nint list);

    [LibraryImport(Library, EntryPoint = "d2i_AutoPrivateKey")]
    internal static partial nint ReadKey(nint* reuse, byte** data, nint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    internal static partial void FreeKey(nint key);

    [LibraryImport(Library, EntryPoint = "X509_STORE_new")]
    internal static partial nint NewStore();

    [LibraryImport(Library, EntryPoint = "X509_STORE_free")]
    internal static partial void FreeStore(nint store);

    [LibraryImport(Library, EntryPoint = "X509_STORE_up_ref")]
    internal static partial int ShareStore(nint store);

    [LibraryImport(Library, EntryPoint = "X509_STORE_set_default_paths")]
    internal static partial int AddSystemAuthorities(nint store);

    [LibraryImport(Library, EntryPoint = "X509_STORE_add_cert")]
    internal static partial int AddAuthority(nint store, nint certificate);

    [LibraryImport(Library, EntryPoint = "X509_STORE_add_crl")]
    internal static partial int AddRevocations(nint store, nint list);

    [LibraryImport(Library, EntryPoint = "X509_STORE_set_flags")]
    internal static partial int SetStoreFlags(nint store, nuint flags);

    [LibraryImport(Library, EntryPoint = "X509_VERIFY_PARAM_set1_host")]
    internal static partial int VerifyName(nint parameters, byte* name, nuint length);

    [LibraryImport(Library, EntryPoint = "X509_VERIFY_PARAM_set_hostflags")]
    internal static partial void SetNameFlags(nint parameters, uint flags);

    [LibraryImport(Library, EntryPoint = "X509_VERIFY_PARAM_set1_ip_asc")]
    internal static partial int VerifyAddress(nint parameters, byte* address);

    /// <summary>One: the certificate that it is about is good.</summary>
    [LibraryImport(Library, EntryPoint = "X509_verify_cert")]
    internal static partial int Verify(nint verification);

    /// <summary>Not ours to free.</summary>
    [LibraryImport(Library, EntryPoint = "X509_STORE_CTX_get0_cert")]
    internal static partial nint VerifiedCertificate(nint verification);

    [LibraryImport(Library, EntryPoint = "X509_STORE_CTX_set_error")]
    internal static partial void SetVerificationResult(nint verification, int result);

    [LibraryImport(Library, EntryPoint = "X509_verify_cert_error_string")]
    internal static partial byte* VerificationText(nint result);
}
