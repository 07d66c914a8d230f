namespace Fulcrum.Tls.Engine;

/// <summary>Reads the library's numbers for what went wrong.</summary>
internal static class Verdict
{
    /// <summary>
    /// Our own, beside the library's. What fits, access_denied (RFC 8446 section 6.2), it sends for none of its results; for one
    /// that it does not know it sends certificate_unknown, which says the least that is untrue.
    /// </summary>
    public const int ForeignSubject = 10_000;

    private const ulong SystemError = 0x80000000;
    private const int LibraryShift = 23;
    private const ulong LibraryMask = 0xFF;
    private const ulong ReasonMask = 0x7FFFFF;
    private const ulong OfSsl = 20;

    /// <summary>Common to all parts of the library, and no fault of the peer.</summary>
    private const int Fatal = 1 << 18;

    /// <summary>Reasons from here on are alerts of the peer.</summary>
    private const int Alerts = 1000;

    private const int LastAlert = 255;

    public static bool IsOfSsl(ulong error) =>
        (error & SystemError) == 0 && ((error >> LibraryShift) & LibraryMask) == OfSsl;

    /// <summary>What the peer's alert says (RFC 8446 section 6); null: there was none.</summary>
    public static int? AlertOf(ulong error) =>
        IsOfSsl(error) && ReasonOf(error) is >= Alerts and <= Alerts + LastAlert and var reason
            ? reason - Alerts
            : null;

    public static TlsFailure FailureOf(ulong error, CertificateProblem certificate) =>
        error == 0 ? TlsFailure.Other
        : !IsOfSsl(error) ? TlsFailure.Protocol
        : ReasonOf(error) switch
        {
            // Unsupported, wrong, none available, too high, too low, unknown.
            258 or 266 or 191 or 166 or 396 or 252 or 373 => TlsFailure.Version,
            // No shared cipher, groups, signature algorithms; no suitable key share, signature, digest, groups.
            193 or 410 or 376 or 101 or 118 or 297 or 295 or 261 => TlsFailure.Cipher,
            134 => certificate switch
            {
                CertificateProblem.WrongName => TlsFailure.Name,
                CertificateProblem.ForeignSubject => TlsFailure.Subject,
                _ => TlsFailure.Certificate,
            },
            199 => TlsFailure.CertificateRequired,
            235 => TlsFailure.Alpn,
            >= Alerts and <= Alerts + LastAlert => TlsFailure.Alert,
            // The library itself, or memory.
            var reason when (reason & Fatal) != 0 => TlsFailure.Other,
            _ => TlsFailure.Protocol,
        };

    /// <param name="result">Of verifying a certificate.</param>
    public static CertificateProblem ProblemOf(nint result) =>
        result switch
        {
            0 => CertificateProblem.None,
            2 or 18 or 19 or 20 or 21 or 24 or 27 => CertificateProblem.UnknownAuthority,
            9 => CertificateProblem.NotYetValid,
            10 => CertificateProblem.Expired,
            23 => CertificateProblem.Revoked,
            3 or 4 or 5 or 8 or 11 or 12 or 33 or 35 => CertificateProblem.RevocationUnknown,
            62 or 64 => CertificateProblem.WrongName,
            ForeignSubject => CertificateProblem.ForeignSubject,
            26 or 28 => CertificateProblem.WrongPurpose,
            _ => CertificateProblem.Other,
        };

    private static int ReasonOf(ulong error) => (int)(error & ReasonMask);
}
