using System.Runtime.InteropServices;

namespace Fulcrum.Tls.OpenSsl;

/// <summary>
/// Entry points of libssl 3, which the runtime itself stands on: those of a connection. What may sign, verify or call back
/// into this program lets a garbage collection happen meanwhile; only what returns at once suppresses the transition.
/// </summary>
internal static unsafe partial class Ssl
{
    internal const int Failed = 1;
    internal const int WantRead = 2;
    internal const int WantWrite = 3;
    internal const int Ended = 6;

    /// <summary>Both have said their end: then freeing a connection does not spoil its session.</summary>
    internal const int BothEnded = 3;

    private const string Library = "libssl.so.3";

    [LibraryImport(Library, EntryPoint = "SSL_new")]
    internal static partial nint New(ContextHandle context);

    [LibraryImport(Library, EntryPoint = "SSL_free")]
    internal static partial void Free(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_ctrl")]
    internal static partial nint Control(nint ssl, int command, nint number, void* data);

    [LibraryImport(Library, EntryPoint = "SSL_get_SSL_CTX")]
    [SuppressGCTransition]
    internal static partial nint ContextOf(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_set_bio")]
    internal static partial void SetBio(nint ssl, nint reader, nint writer);

    [LibraryImport(Library, EntryPoint = "SSL_set_accept_state")]
    internal static partial void SetAccepting(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_set_connect_state")]
    internal static partial void SetConnecting(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_do_handshake")]
    internal static partial int Handshake(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_read")]
    internal static partial int Read(nint ssl, byte* buffer, int length);

    [LibraryImport(Library, EntryPoint = "SSL_new_session_ticket")]
    internal static partial int OrderTicket(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_free_buffers")]
    internal static partial int FreeBuffers(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_has_pending")]
    [SuppressGCTransition]
    internal static partial int HasPending(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_write")]
    internal static partial int Write(nint ssl, byte* data, int length);

    [LibraryImport(Library, EntryPoint = "SSL_shutdown")]
    internal static partial int Shutdown(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_set_shutdown")]
    [SuppressGCTransition]
    internal static partial void SetShutdown(nint ssl, int mode);

    [LibraryImport(Library, EntryPoint = "SSL_get_error")]
    [SuppressGCTransition]
    internal static partial int ErrorOf(nint ssl, int result);

    [LibraryImport(Library, EntryPoint = "SSL_session_reused")]
    [SuppressGCTransition]
    internal static partial int IsResumed(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_version")]
    [SuppressGCTransition]
    internal static partial int VersionOf(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_get_current_cipher")]
    internal static partial nint CipherOf(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_CIPHER_standard_name")]
    internal static partial byte* NameOfCipher(nint cipher);

    [LibraryImport(Library, EntryPoint = "SSL_get0_alpn_selected")]
    [SuppressGCTransition]
    internal static partial void AlpnOf(nint ssl, byte** protocol, uint* length);

    [LibraryImport(Library, EntryPoint = "SSL_get_certificate")]
    internal static partial nint CertificateOf(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_get1_peer_certificate")]
    internal static partial nint PeerCertificateOf(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_get_verify_result")]
    [SuppressGCTransition]
    internal static partial nint VerificationOf(nint ssl);

    [LibraryImport(Library, EntryPoint = "SSL_set_session")]
    internal static partial int SetSession(nint ssl, nint session);

    [LibraryImport(Library, EntryPoint = "SSL_SESSION_free")]
    internal static partial void FreeSession(nint session);

    [LibraryImport(Library, EntryPoint = "SSL_SESSION_get_protocol_version")]
    internal static partial int VersionOfSession(nint session);
}
