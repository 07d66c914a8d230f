using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fulcrum.Tls.Engine;
using Fulcrum.Tls.OpenSsl;

namespace Fulcrum.Tls.Contexts;

/// <summary>What the library asks of this program during handshakes. Nothing here may throw: there is nobody to catch it.</summary>
internal static unsafe class Callbacks
{
    private const int Ok = 0;
    private const int Refuse = 2;
    private const int Ignore = 3;
    private const int SetStatus = 71;

    /// <summary>Our order decides. Nothing in common ends the handshake (RFC 7301 section 3.2).</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int ChooseAlpn(nint ssl, byte** chosen, byte* length, byte* offered, uint offeredLength, nint state)
    {
        var offers = new ReadOnlySpan<byte>(offered, (int)offeredLength);
        for (var ours = ContextState.At(state).Alpn.AsSpan(); !ours.IsEmpty; ours = ours[(1 + ours[0])..])
        {
            var found = AlpnWire.Find(offers, ours.Slice(1, ours[0]));
            if (!found.IsEmpty)
            {
                *length = found[0];
                *chosen = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(found)) + 1;
                return Ok;
            }
        }
        return Refuse;
    }

    /// <summary>Verifies a client's certificate, and then sees whether its owner is one of those who are let in.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int Verify(nint verification, nint state)
    {
        if (Crypto.Verify(verification) != 1)
        {
            return 0;
        }
        if (ContextState.At(state).Subjects!.Admit(NativeCertificate.Write(Crypto.VerifiedCertificate(verification))))
        {
            return 1;
        }
        Crypto.SetVerificationResult(verification, Verdict.ForeignSubject);
        return 0;
    }

    /// <summary>Keeps a session that a server has given. One: we hold it from now on.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int KeepSession(nint ssl, nint session)
    {
        ContextState.Of(ssl).Sessions!.Add(session);
        return 1;
    }

    /// <summary>Staples what is known of the certificate that this client is shown (RFC 6066 section 8).</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int AnswerStatus(nint ssl, nint argument)
    {
        if (!ContextState.Of(ssl).Staples.TryGetValue(Ssl.CertificateOf(ssl), out var staple))
        {
            return Ignore;
        }
        var copy = Crypto.Allocate((nuint)staple.Length, null, 0);
        if (copy is null)
        {
            return Ignore;
        }
        staple.Span.CopyTo(new Span<byte>(copy, staple.Length));
        _ = Ssl.Control(ssl, SetStatus, staple.Length, copy);
        return Ok;
    }

    /// <summary>Protects a ticket, or opens one.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static int UseTicketKey(nint ssl, byte* name, byte* start, nint cipher, nint mac, int isNew)
    {
        var keys = ContextState.Of(ssl).Tickets!;
        return isNew != 0 ? keys.Protect(name, start, cipher, mac) : keys.Open(ssl, name, start, cipher, mac);
    }
}
