using Fulcrum.Model.Tls;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Model.Validation;

/// <summary>What is said of the certificates of others needs authorities that vouch for them.</summary>
internal static class TlsRules
{
    public static void Check(Findings findings, Snapshot snapshot)
    {
        CheckServices(findings, snapshot);
        ConnectWalk.Each(findings, snapshot, Check);
    }

    private static void Check(Findings findings, ConnectOptions connect)
    {
        if (connect.Tls is { Revocations: not null, Verify: not TlsVerify.Authorities })
        {
            using var tls = findings.In("tls");
            using var key = findings.In("revocations");
            findings.Error(
                "only lists of authorities that are named here can be looked at",
                "'verify: authorities' and 'authorities: FILE' beside it"
            );
        }
    }

    private static void CheckServices(Findings findings, Snapshot snapshot)
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
