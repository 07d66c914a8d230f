using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Certificates;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Explaining;

internal static class CertificateAccount
{
    public static Account? Of(DerivedState state, Subject subject) =>
        state.Certificates[subject.Name] is { } certificate
            ? new()
            {
                Subject = subject,
                State = Words.Of(certificate.State),
                Reasons = Items.From(ReasonsOf(certificate)),
            }
            : null;

    /// <summary>The certificates of a service.</summary>
    public static IEnumerable<Part> ShownBy(DerivedState state, string service) =>
        from certificate in state.Certificates.Values
        where certificate.Observed.UsedBy.Contains(service, StringComparer.Ordinal)
        orderby certificate.Observed.Name
        select new Part(new(SubjectKind.Certificate, certificate.Observed.Name), certificate.IsTroubled);

    private static IEnumerable<string> ReasonsOf(DerivedCertificate certificate)
    {
        yield return certificate.Reason.Text;
        if (certificate.Observed is { Problem: { } problem, Facts: not null } observed)
        {
            yield return observed.IsAcme ? $"it cannot be renewed: {problem}" : $"its files cannot be used: {problem}";
        }

        if (certificate.Observed.StapleProblem is { } unstapled)
        {
            yield return $"nothing is stapled to it: {unstapled}";
        }

        if (certificate.Observed.Facts is { } facts)
        {
            yield return $"for {string.Join(", ", facts.Names)}";
        }
    }
}
