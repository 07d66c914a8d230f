using System.Runtime.InteropServices;

namespace Fulcrum.Tls.OpenSsl;

/// <summary>Entry points of what connections have in common.</summary>
internal static unsafe partial class Ssl
{
    [LibraryImport(Library, EntryPoint = "TLS_server_method")]
    internal static partial nint ServerMethod();

    [LibraryImport(Library, EntryPoint = "TLS_client_method")]
    internal static partial nint ClientMethod();

    [LibraryImport(Library, EntryPoint = "SSL_CTX_new")]
    internal static partial nint NewContext(nint method);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_free")]
    internal static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_ctrl")]
    internal static partial nint ControlContext(ContextHandle context, int command, nint number, void* data);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_options")]
    internal static partial ulong SetOptions(ContextHandle context, ulong options);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_cipher_list")]
    internal static partial int SetCiphers(ContextHandle context, byte* names);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_ciphersuites")]
    internal static partial int SetSuites(ContextHandle context, byte* names);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_use_certificate")]
    internal static partial int UseCertificate(ContextHandle context, nint certificate);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_use_PrivateKey")]
    internal static partial int UseKey(ContextHandle context, nint key);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_alpn_select_cb")]
    internal static partial void SetAlpnChoice(
        ContextHandle context,
        delegate* unmanaged[Cdecl]<nint, byte**, byte*, byte*, uint, nint, int> choice,
        nint argument
    );

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_alpn_protos")]
    internal static partial int SetAlpn(ContextHandle context, byte* protocols, uint length);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_verify")]
    internal static partial void SetVerification(ContextHandle context, int mode, nint callback);

    /// <summary>Asks the callback instead of verifying.</summary>
    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_cert_verify_callback")]
    internal static partial void SetVerifier(
        ContextHandle context,
        delegate* unmanaged[Cdecl]<nint, nint, int> verifier,
        nint argument
    );

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_cert_store")]
    internal static partial void SetAuthorities(ContextHandle context, nint store);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_add_client_CA")]
    internal static partial int TellAuthority(ContextHandle context, nint certificate);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_get0_param")]
    internal static partial nint ParametersOf(ContextHandle context);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_session_id_context")]
    internal static partial int SetResumptionScope(ContextHandle context, byte* scope, uint length);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_sess_set_new_cb")]
    internal static partial void SetNewSession(
        ContextHandle context,
        delegate* unmanaged[Cdecl]<nint, nint, int> callback
    );

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_num_tickets")]
    internal static partial int SetTicketCount(ContextHandle context, nuint count);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_tlsext_ticket_key_evp_cb")]
    internal static partial int SetTicketKeys(
        ContextHandle context,
        delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint, nint, int, int> callback
    );

    [LibraryImport(Library, EntryPoint = "SSL_CTX_callback_ctrl")]
    internal static partial nint SetStatusAnswer(
        ContextHandle context,
        int command,
        delegate* unmanaged[Cdecl]<nint, nint, int> callback
    );

    [LibraryImport(Library, EntryPoint = "SSL_CTX_set_ex_data")]
    internal static partial int SetData(ContextHandle context, int index, nint data);

    [LibraryImport(Library, EntryPoint = "SSL_CTX_get_ex_data")]
    [SuppressGCTransition]
    internal static partial nint DataOf(nint context, int index);
}
