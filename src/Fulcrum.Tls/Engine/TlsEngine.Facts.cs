using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.Tls.Contexts;
using Fulcrum.Tls.OpenSsl;

namespace Fulcrum.Tls.Engine;

/// <summary>What both have agreed on, and why they did not.</summary>
public sealed unsafe partial class TlsEngine
{
    private const int Tls13 = 0x0304;

    // Ciphers are the library's for ever, and few.
    private static readonly ConcurrentDictionary<nint, string> CipherNames = new();

    private int _alpnStart;
    private int _alpnLength;
    private bool _isAlpnForeign;

    /// <summary>The name that the client has asked for, or that we verify; empty: there is none.</summary>
    public string ServerName { get; }

    /// <summary>Keys of an earlier connection were used again.</summary>
    public bool IsResumed => Ssl.IsResumed(_ssl) != 0;

    public TlsVersion Version => Ssl.VersionOf(_ssl) >= Tls13 ? TlsVersion.Tls13 : TlsVersion.Tls12;

    /// <summary>By its registered name; null: none is agreed on yet.</summary>
    public string? Cipher =>
        Ssl.CipherOf(_ssl) is var cipher and not 0
            ? CipherNames.GetOrAdd(cipher, static one => Marshal.PtrToStringUTF8((nint)Ssl.NameOfCipher(one))!)
            : null;

    /// <summary>The agreed protocol as a list of one, as it would stand in a hello; empty: none.</summary>
    public ReadOnlySpan<byte> AlpnList => _state.Alpn.AsSpan(_alpnStart, _alpnLength);

    /// <summary>The agreed protocol; empty: none.</summary>
    public ReadOnlySpan<byte> Alpn => _alpnLength == 0 ? [] : AlpnList[1..];

    /// <summary>What the peer has shown, DER; null: nothing. Read anew by every call.</summary>
    public byte[]? PeerCertificate
    {
        get
        {
            var certificate = Ssl.PeerCertificateOf(_ssl);
            if (certificate == 0)
            {
                return null;
            }
            var der = NativeCertificate.Write(certificate);
            Crypto.FreeCertificate(certificate);
            return der;
        }
    }

    /// <summary>Whom the peer's certificate is for; empty: it has shown none. Read anew by every call.</summary>
    public Items<ClientSubject> PeerSubjects => PeerCertificate is { } der ? ClientSubjects.Of(der) : [];

    public bool HasFailed => _isAlpnForeign || Error != 0;

    /// <summary>After <see cref="TlsOutcome.Failed"/>: why.</summary>
    public TlsFailure Failure => _isAlpnForeign ? TlsFailure.Alpn : Verdict.FailureOf(Error, CertificateProblem);

    /// <summary>What is wrong with the certificate that the peer has shown.</summary>
    public CertificateProblem CertificateProblem => Verdict.ProblemOf(Ssl.VerificationOf(_ssl));

    /// <summary>The alert by which the peer has given up (RFC 8446 section 6); null: it has not.</summary>
    public int? PeerAlert => Verdict.AlertOf(Error);

    /// <summary>Why it failed, in words; null: it has not.</summary>
    public string? Problem
    {
        get
        {
            if (_isAlpnForeign)
            {
                return "the server has chosen a protocol that it was not offered";
            }
            if (Error == 0)
            {
                return null;
            }
            if (Failure == TlsFailure.Subject)
            {
                return "the certificate is good, but its subject is none of those that are let in";
            }
            var verification = Ssl.VerificationOf(_ssl);
            return Failure is TlsFailure.Certificate or TlsFailure.Name && verification != 0
                ? Marshal.PtrToStringUTF8((nint)Crypto.VerificationText(verification))
                : TlsException.Describe(Error);
        }
    }

    /// <summary>The library's word for what went wrong first; zero: nothing did.</summary>
    private ulong Error { get; set; }

    /// <summary>Of the library's errors the last is that of TLS; those before it may be of what it uses.</summary>
    private void KeepError()
    {
        var error = Error;
        while (Crypto.NextError() is var next and not 0)
        {
            error = error == 0 || (!Verdict.IsOfSsl(error) && Verdict.IsOfSsl(next)) ? next : error;
        }
        Error = error;
    }

    // False: the server has chosen what it was not offered (RFC 7301 section 3.2 forbids it).
    private bool FindAlpn()
    {
        byte* name;
        uint length;
        Ssl.AlpnOf(_ssl, &name, &length);
        if (length == 0)
        {
            return true;
        }
        var found = AlpnWire.Find(_state.Alpn, new ReadOnlySpan<byte>(name, (int)length));
        if (found.IsEmpty)
        {
            _isAlpnForeign = true;
            return false;
        }
        _ = _state.Alpn.AsSpan().Overlaps(found, out _alpnStart);
        _alpnLength = found.Length;
        return true;
    }
}
