using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;

namespace Fulcrum.TestKit.Fakes;

/// <summary>Certificates as a plane tells of them.</summary>
public static class ShownCertificate
{
    /// <summary>One that is in use, and lives for 90 days if nothing else is said.</summary>
    public static ObservedCertificate Until(
        DateTimeOffset end,
        string name = "/etc/fulcrum/shop.pem",
        string fingerprint = "f1",
        TimeSpan? life = null,
        params string[] services
    ) =>
        new(name, services.Length == 0 ? ["web"] : Items.From(services))
        {
            Facts = new()
            {
                Names = ["shop.example.com", "*.shop.example.com"],
                Issuer = "CN=Test CA",
                NotBefore = end - (life ?? TimeSpan.FromDays(90)),
                NotAfter = end,
                Key = "ECDSA P-256",
                Fingerprint = fingerprint,
            },
        };

    /// <summary>One of which nothing usable was read.</summary>
    public static ObservedCertificate Missing(string? problem, string name = "/etc/fulcrum/shop.pem") =>
        new(name, ["web"]) { Problem = problem };
}
