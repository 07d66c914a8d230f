using System.Net;

namespace Fulcrum.Model.Validation;

/// <summary>A control API that others can reach knows whom it talks to, and nobody listens in.</summary>
internal static class ApiRules
{
    public static void Check(Findings findings, Snapshot snapshot)
    {
        var api = snapshot.Api;
        using var section = findings.In("api");
        CheckListen(findings, api);
        var asksForCertificates = api.Tls?.ClientAuthorities is not null;
        if (!api.Clients.IsEmpty && !asksForCertificates)
        {
            using var key = findings.In("clients");
            findings.Error(
                "they are known by their certificates, which nobody is asked for",
                "'tls: { certificate: FILE, client-authorities: FILE }'"
            );
        }

        if (asksForCertificates && api.Clients.IsEmpty)
        {
            using var key = findings.In("tls");
            using var field = findings.In("client-authorities");
            findings.Error("no certificate would let anybody in", "'clients: { NAME: ROLE }' beside 'tls'");
        }
    }

    private static void CheckListen(Findings findings, ApiSettings api)
    {
        using var key = findings.In("listen");
        var seen = new HashSet<IPEndPoint>();
        for (var i = 0; i < api.Listen.Count; i++)
        {
            using var at = findings.At(i);
            var endPoint = api.Listen[i];
            if (!seen.Add(endPoint))
            {
                findings.Error($"{endPoint} is there twice");
            }

            if (IPAddress.IsLoopback(endPoint.Address))
            {
                continue;
            }

            if (api.Tls is null)
            {
                findings.Error(
                    $"{endPoint} can be reached from other machines, so it needs TLS",
                    "'tls: { certificate: FILE }' beside 'listen', or an address such as 127.0.0.1"
                );
            }

            if (api.Tokens is null && api.Tls?.ClientAuthorities is null)
            {
                findings.Error(
                    $"{endPoint} can be reached from other machines, so whoever asks must say who they are",
                    "'tokens: FILE' beside 'listen', or 'tls: { client-authorities: FILE }' and 'clients'"
                );
            }
        }
    }
}
