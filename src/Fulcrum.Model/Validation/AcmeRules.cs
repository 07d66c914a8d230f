using Fulcrum.Model.Services;
using Fulcrum.Model.Tls;

namespace Fulcrum.Model.Validation;

/// <summary>Names that are got by ACME have an authority, and a way to prove them that it can see.</summary>
internal static class AcmeRules
{
    public static void Check(Findings findings, Snapshot snapshot)
    {
        if (snapshot.Acme is { } acme)
        {
            using var section = findings.In("acme");
            CheckTerms(findings, acme);
            CheckEmail(findings, acme);
            CheckHttp(findings, snapshot, acme);
            CheckDns(findings, acme);
        }

        using var kind = findings.In("services");
        foreach (var service in snapshot.Services)
        {
            if (service.Tls is { Acme.IsEmpty: false } tls)
            {
                using var at = findings.In(service.Name);
                using var part = findings.In("tls");
                using var list = findings.In("acme");
                CheckNames(findings, snapshot.Acme, tls);
            }
        }
    }

    private static void CheckTerms(Findings findings, AcmeSettings acme)
    {
        if (!acme.AcceptTerms)
        {
            using var key = findings.In("accept-terms");
            findings.Error($"{acme.Directory.Host} issues nothing to who does not accept its terms", "true");
        }
    }

    private static void CheckEmail(Findings findings, AcmeSettings acme)
    {
        if (acme.Email is { } email && !(email.IndexOf('@') is > 0 and var at && at < email.Length - 1))
        {
            using var key = findings.In("email");
            findings.Error($"'{email}' is no address of mail", "one such as ops@example.com");
        }
    }

    private static void CheckHttp(Findings findings, Snapshot snapshot, AcmeSettings acme)
    {
        if (acme.Challenge != AcmeMethod.Http)
        {
            if (acme.HttpListen is not null)
            {
                using var unused = findings.In("http-listen");
                findings.Error("nobody asks there", "'challenge: http' beside it");
            }

            return;
        }

        if (acme.HttpListen is not { } place)
        {
            using var missing = findings.In("challenge");
            findings.Error(
                "http is answered nowhere",
                "'http-listen: 0.0.0.0:80' beside it: authorities ask at port 80 of the name"
            );
            return;
        }

        using var key = findings.In("http-listen");
        var rival = snapshot.Services.FirstOrDefault(service =>
            service.Listeners.Any(listener =>
                listener is { Interface: null, Path: null, Mark: null }
                && listener.Protocol is ListenerProtocol.Tcp or ListenerProtocol.Tls or ListenerProtocol.Https
                && place.Address.Equals(listener.Address)
                && listener.Ports.First <= place.Port
                && place.Port <= listener.Ports.Last
            )
        );
        if (rival is not null)
        {
            findings.Error($"{place} is already listened to by service '{rival.Name}'");
        }
    }

    private static void CheckDns(Findings findings, AcmeSettings acme)
    {
        if (acme.Challenge == AcmeMethod.Dns && acme.DnsHook.IsEmpty)
        {
            using var key = findings.In("challenge");
            findings.Error("nothing makes records for dns", "'dns-hook: [PROGRAM]' beside it");
        }
        else if (acme.Challenge != AcmeMethod.Dns && !acme.DnsHook.IsEmpty)
        {
            using var key = findings.In("dns-hook");
            findings.Error("no record is asked for", "'challenge: dns' beside it");
        }
    }

    private static void CheckNames(Findings findings, AcmeSettings? acme, TlsTermination tls)
    {
        if (acme is null)
        {
            findings.Error("there is nobody who issues certificates", "'acme: { accept-terms: true }' at the top");
            return;
        }

        for (var i = 0; i < tls.Acme.Count; i++)
        {
            if (tls.Acme[i].StartsWith('*') && acme.Challenge != AcmeMethod.Dns)
            {
                using var index = findings.At(i);
                findings.Error(
                    $"{tls.Acme[i]} can be proved only in the DNS",
                    "'challenge: dns' and 'dns-hook' below 'acme' at the top"
                );
            }
        }
    }
}
