using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.OpenSsl;

namespace Fulcrum.Tls.Contexts;

/// <summary>
/// Makes native contexts. What is refused everywhere: versions before 1.2, renegotiation (a client's way to make a server
/// work), compression (CRIME), and reading a connection that was cut as one that has ended.
/// </summary>
internal static unsafe class ContextBuilder
{
    private const int SetMode = 33;
    private const int SetReadAhead = 41;
    private const int SetSessionCache = 44;
    private const int SetStatusCallback = 63;
    private const int AddToChain = 89;
    private const int SetOldest = 123;

    private const int PartialWrite = 0x01;
    private const int MovingBuffers = 0x02;
    private const int NoAutomaticChain = 0x08;
    private const int ReleaseBuffers = 0x10;

    private const ulong NoTickets = 1UL << 14;
    private const ulong NoCompression = 1UL << 17;
    private const ulong PreferChaCha = 1UL << 21;
    private const ulong ServerPrefers = 1UL << 22;
    private const ulong NoRenegotiation = 1UL << 30;

    private const int NoCache = 0;
    private const int ClientCache = 0x01;
    private const int NoInternalCache = 0x300;

    /// <summary>Mozilla's intermediate list without finite-field Diffie-Hellman, which costs a server the most.</summary>
    private static ReadOnlySpan<byte> Ciphers =>
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305\0"u8;

    private static ReadOnlySpan<byte> Suites =>
        "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256\0"u8;

    /// <exception cref="TlsException">The library does not know a group.</exception>
    public static ContextHandle NewServer(TlsVersion oldest, Items<string> groups)
    {
        var context = New(Ssl.ServerMethod(), oldest);
        Groups.Set(context, groups);
        // Servers choose, but give way to a client without AES in hardware, which asks for ChaCha20 first.
        _ = Ssl.SetOptions(context, ServerPrefers | PreferChaCha);
        _ = Ssl.ControlContext(context, SetSessionCache, NoCache, null);
        return context;
    }

    public static ContextHandle NewClient(TlsVersion oldest)
    {
        var context = New(Ssl.ClientMethod(), oldest);
        Groups.Set(context, []);
        _ = Ssl.ControlContext(context, SetSessionCache, ClientCache | NoInternalCache, null);
        Ssl.SetNewSession(context, &Callbacks.KeepSession);
        return context;
    }

    public static void Show(ContextHandle context, LoadedCertificate certificate, ContextState state)
    {
        using var leaf = NativeCertificate.Read(certificate.Chain[0].Span, certificate.Place);
        if (Ssl.UseCertificate(context, leaf.Pointer) != 1)
        {
            throw TlsException.FromLibrary($"{certificate.Place}: the certificate cannot be used");
        }
        foreach (var above in certificate.Chain.AsSpan()[1..])
        {
            using var authority = NativeCertificate.Read(above.Span, certificate.Place);
            // One: the context holds it beside us.
            if (Ssl.ControlContext(context, AddToChain, 1, (void*)authority.Pointer) != 1)
            {
                throw TlsException.FromLibrary($"{certificate.Place}: a certificate of the chain cannot be used");
            }
        }
        UseKey(context, certificate);
        if (!certificate.OcspResponse.IsEmpty)
        {
            state.Staples[leaf.Pointer] = certificate.OcspResponse;
            _ = Ssl.SetStatusAnswer(context, SetStatusCallback, &Callbacks.AnswerStatus);
        }
    }

    public static void SetTickets(ContextHandle context, ContextState state)
    {
        // Those of TLS 1.3 are ordered when there is something for them to travel with (TlsEngine.Send).
        _ = Ssl.SetTicketCount(context, 0);
        if (state.Tickets is null)
        {
            _ = Ssl.SetOptions(context, NoTickets);
            return;
        }
        _ = Ssl.SetTicketKeys(context, &Callbacks.UseTicketKey);
    }

    /// <summary>A ticket is good where the same names are shown and the same clients are let in, on every node.</summary>
    public static void SetResumptionScope(ContextHandle context, ReadOnlySpan<byte> hash)
    {
        fixed (byte* scope = hash)
        {
            if (Ssl.SetResumptionScope(context, scope, (uint)hash.Length) != 1)
            {
                throw TlsException.FromLibrary("resumption cannot be scoped");
            }
        }
    }

    private static ContextHandle New(nint method, TlsVersion oldest)
    {
        Crypto.ClearErrors();
        var context = new ContextHandle(Ssl.NewContext(method));
        if (context.IsInvalid)
        {
            throw TlsException.FromLibrary("no memory for TLS");
        }
        const int Mode = PartialWrite | MovingBuffers | NoAutomaticChain | ReleaseBuffers;
        _ = Ssl.ControlContext(context, SetMode, Mode, null);
        _ = Ssl.ControlContext(context, SetReadAhead, 1, null);
        _ = Ssl.SetOptions(context, NoCompression | NoRenegotiation);
        var oldestOnWire = oldest == TlsVersion.Tls13 ? 0x0304 : 0x0303;
        fixed (
            byte* ciphers = Ciphers,
                suites = Suites
        )
        {
            if (
                Ssl.ControlContext(context, SetOldest, oldestOnWire, null) != 1
                || Ssl.SetCiphers(context, ciphers) != 1
                || Ssl.SetSuites(context, suites) != 1
            )
            {
                throw TlsException.FromLibrary("the library refuses our ciphers");
            }
        }
        return context;
    }

    private static void UseKey(ContextHandle context, LoadedCertificate certificate)
    {
        nint key;
        fixed (byte* bytes = certificate.Key.Span)
        {
            var at = bytes;
            key = Crypto.ReadKey(null, &at, certificate.Key.Length);
        }
        if (key == 0)
        {
            throw TlsException.FromLibrary($"{certificate.Place}: the key cannot be read");
        }
        try
        {
            if (Ssl.UseKey(context, key) != 1)
            {
                throw TlsException.FromLibrary($"{certificate.Place}: the key cannot be used");
            }
        }
        finally
        {
            Crypto.FreeKey(key);
        }
    }
}
