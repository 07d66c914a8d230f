using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;

namespace Fulcrum.Engine.Deriving.Certificates;

/// <summary>Judges one certificate by the time.</summary>
internal static class CertificateDerivation
{
    /// <summary>Enough for somebody to come back from a week off. One that lives for six days would always be warned of.</summary>
    private static readonly TimeSpan LongestWarning = TimeSpan.FromDays(14);

    private const int ShareOfLife = 3;

    /// <param name="warnBefore">What its services say; null: nothing.</param>
    public static DerivedCertificate Derive(ObservedCertificate observed, TimeSpan? warnBefore, DateTimeOffset now)
    {
        if (observed.Facts is not { } facts)
        {
            return observed.Problem is { } problem
                ? Of(CertificateState.Missing, new CertificateMissing(problem), null)
                : Of(CertificateState.Pending, new CertificatePending(), null);
        }

        // It holds for the whole of its last second (RFC 5280 section 4.1.2.5); to say so a second early does no harm.
        if (now >= facts.NotAfter)
        {
            return Of(CertificateState.Expired, new CertificateExpired(facts.NotAfter), null);
        }

        if (now < facts.NotBefore)
        {
            return Of(CertificateState.NotYetValid, new CertificateNotYetValid(facts.NotBefore), facts.NotBefore);
        }

        var warnAt = WarnAt(facts, warnBefore);
        return now >= warnAt
            ? Of(CertificateState.Expiring, new CertificateExpiring(facts.NotAfter), facts.NotAfter)
            : Of(CertificateState.Valid, new CertificateValid(facts.NotAfter), warnAt);

        DerivedCertificate Of(CertificateState state, Reason reason, DateTimeOffset? wakeAt) =>
            new()
            {
                Observed = observed,
                State = state,
                Reason = reason,
                WakeAt = wakeAt,
            };
    }

    private static DateTimeOffset WarnAt(CertificateFacts facts, TimeSpan? warnBefore)
    {
        var life = facts.NotAfter - facts.NotBefore;
        var share = life / ShareOfLife;
        var before = warnBefore ?? (share < LongestWarning ? share : LongestWarning);
        return before < life ? facts.NotAfter - before : facts.NotBefore;
    }
}
