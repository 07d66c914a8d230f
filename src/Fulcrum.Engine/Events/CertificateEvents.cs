using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Certificates;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Events;

namespace Fulcrum.Engine.Events;

/// <summary>
/// What is worth telling of certificates: each change of what clients are shown and of what becomes of the files, once,
/// however often somebody looks.
/// </summary>
internal static class CertificateEvents
{
    private const string Usable = "usable";
    private const string Unusable = "unusable";

    public static IEnumerable<NodeEvent> Between(DerivedState before, DerivedState after)
    {
        foreach (var (name, old, now) in after.Certificates.ChangesSince(before.Certificates))
        {
            var subject = new Subject(SubjectKind.Certificate, name);
            if (IsAnother(old, now))
            {
                yield return new(EventKind.Certificate, subject, WordOf(old), WordOf(now), TextOf(old, now))
                {
                    IsBad =
                        now?.State
                            is CertificateState.Missing
                                or CertificateState.NotYetValid
                                or CertificateState.Expiring
                                or CertificateState.Expired,
                };
            }

            // Where there is nothing to show, the reason tells of it.
            var (was, problem) = (FailureOf(old), FailureOf(now));
            if (now is not null && was != problem)
            {
                yield return new(
                    EventKind.Certificate,
                    subject,
                    was is null ? Usable : Unusable,
                    problem is null ? Usable : Unusable,
                    TextOf(now, problem)
                )
                {
                    IsBad = problem is not null,
                };
            }
        }
    }

    private static bool IsAnother(DerivedCertificate? old, DerivedCertificate? now) =>
        old?.State != now?.State
        || old?.Observed.Facts?.Fingerprint != now?.Observed.Facts?.Fingerprint
        || (now?.State == CertificateState.Missing && now.Reason != old?.Reason);

    private static string TextOf(DerivedCertificate now, string? problem) =>
        (problem, now.Observed.IsAcme) switch
        {
            (not null, _) when now.Observed.Problem is null => $"nothing is stapled to it: {problem}",
            (null, true) => "renewing it works again",
            (null, false) => "its files are in use again",
            (_, true) => $"it cannot be renewed, and the former stays in use: {problem}",
            (_, false) => $"its files cannot be used, and what was read before stays in use: {problem}",
        };

    private static string? FailureOf(DerivedCertificate? certificate) =>
        certificate?.State == CertificateState.Missing ? null : certificate?.Problem;

    private static string? WordOf(DerivedCertificate? certificate) =>
        certificate is null ? null : Words.Of(certificate.State);

    private static string TextOf(DerivedCertificate? old, DerivedCertificate? now) =>
        now is null ? "no service shows it any more"
        : old?.Observed.Facts is { } former
        && now.Observed.Facts is { } facts
        && former.Fingerprint != facts.Fingerprint
            ? $"it was renewed: {now.Reason.Text}"
        : now.Reason.Text;
}
