using Fulcrum.Model.Tls;

namespace Fulcrum.Model.Validation;

/// <summary>What is said of clients' certificates needs authorities that vouch for them.</summary>
internal static class TlsRules
{
    public static void Check(Findings findings, Snapshot snapshot)
    {
        using var kind = findings.In("services");
        foreach (var service in snapshot.Services)
        {
            if (service.Tls is { ClientAuthorities: null } tls)
            {
                using var at = findings.In(service.Name);
                using var part = findings.In("tls");
                CheckUnasked(findings, tls);
            }
        }
    }

    private static void CheckUnasked(Findings findings, TlsTermination tls)
    {
        foreach (
            var (key, isSet) in new[]
            {
                ("client-certificate", tls.ClientCertificate is not null),
                ("client-revocations", tls.ClientRevocations is not null),
                ("client-subjects", !tls.ClientSubjects.IsEmpty),
            }
        )
        {
            if (isSet)
            {
                using var field = findings.In(key);
                findings.Error("clients are asked for no certificate", "'client-authorities: FILE' beside it");
            }
        }
    }
}
