using System.Runtime.InteropServices;

namespace Fulcrum.Tls.OpenSsl;

/// <summary>Entry points of libcrypto 3: errors, and the BIO that a connection works on.</summary>
internal static unsafe partial class Crypto
{
    private const string Library = "libcrypto.so.3";

    [LibraryImport(Library, EntryPoint = "OpenSSL_version")]
    internal static partial byte* Version(int kind);

    [LibraryImport(Library, EntryPoint = "ERR_clear_error")]
    [SuppressGCTransition]
    internal static partial void ClearErrors();

    [LibraryImport(Library, EntryPoint = "ERR_get_error")]
    [SuppressGCTransition]
    internal static partial ulong NextError();

    [LibraryImport(Library, EntryPoint = "ERR_reason_error_string")]
    internal static partial byte* ReasonOf(ulong error);

    /// <summary>Memory that the library will free.</summary>
    [LibraryImport(Library, EntryPoint = "CRYPTO_malloc")]
    internal static partial void* Allocate(nuint length, byte* file, int line);

    [LibraryImport(Library, EntryPoint = "CRYPTO_get_ex_new_index")]
    internal static partial int NewDataIndex(
        int kind,
        nint number,
        nint data,
        nint create,
        nint copy,
        delegate* unmanaged[Cdecl]<nint, nint, nint, int, nint, nint, void> free
    );

    [LibraryImport(Library, EntryPoint = "BIO_get_new_index")]
    internal static partial int NewBioType();

    [LibraryImport(Library, EntryPoint = "BIO_meth_new")]
    internal static partial nint NewBioMethod(int type, byte* name);

    [LibraryImport(Library, EntryPoint = "BIO_meth_set_read")]
    internal static partial int SetBioRead(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> read);

    [LibraryImport(Library, EntryPoint = "BIO_meth_set_write")]
    internal static partial int SetBioWrite(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> write);

    [LibraryImport(Library, EntryPoint = "BIO_meth_set_ctrl")]
    internal static partial int SetBioControl(
        nint method,
        delegate* unmanaged[Cdecl]<nint, int, nint, void*, nint> control
    );

    [LibraryImport(Library, EntryPoint = "BIO_new")]
    internal static partial nint NewBio(nint method);

    [LibraryImport(Library, EntryPoint = "BIO_set_init")]
    internal static partial void SetBioReady(nint bio, int isReady);

    [LibraryImport(Library, EntryPoint = "BIO_set_data")]
    internal static partial void SetBioData(nint bio, void* data);

    [LibraryImport(Library, EntryPoint = "BIO_get_data")]
    [SuppressGCTransition]
    internal static partial void* BioData(nint bio);

    [LibraryImport(Library, EntryPoint = "BIO_set_flags")]
    [SuppressGCTransition]
    internal static partial void SetBioFlags(nint bio, int flags);

    [LibraryImport(Library, EntryPoint = "BIO_clear_flags")]
    [SuppressGCTransition]
    internal static partial void ClearBioFlags(nint bio, int flags);
}
