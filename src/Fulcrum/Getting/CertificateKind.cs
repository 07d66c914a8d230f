using Fulcrum.Api.Certificates;
using Fulcrum.Output;

namespace Fulcrum.Getting;

internal static class CertificateKind
{
    public static ObjectKind Kind { get; } =
        new DocumentKind<CertificateDocument>(
            "certificate",
            "certificates",
            NodeJson.Lenient.CertificateDocument,
            certificate => [certificate.Name],
            new(new("NAME") { Least = 16, KeepsEnd = true }, (certificate, _) => certificate.Name),
            new(new("STATE"), (certificate, _) => Tones.Of(certificate.State)),
            new(new("ENDS") { Right = true }, (certificate, _) => Ends(certificate)) { Moves = true },
            new(
                new("FOR")
                {
                    Least = 15,
                    Drop = 3,
                    Optional = true,
                },
                (certificate, _) => string.Join(", ", certificate.Names)
            ),
            new(new("SERVICES") { Least = 8, Drop = 4 }, (certificate, _) => string.Join(", ", certificate.UsedBy)),
            new(
                new("ISSUER")
                {
                    Wide = true,
                    Least = 10,
                    Drop = 6,
                    Optional = true,
                },
                (certificate, _) => certificate.Issuer
            ),
            new(
                new("FROM")
                {
                    Wide = true,
                    Drop = 8,
                    Optional = true,
                },
                (certificate, _) => Day(certificate.NotBefore)
            ),
            new(
                new("UNTIL")
                {
                    Wide = true,
                    Drop = 7,
                    Optional = true,
                },
                (certificate, _) => Day(certificate.NotAfter)
            ),
            new(
                new("KEY")
                {
                    Wide = true,
                    Drop = 9,
                    Optional = true,
                },
                (certificate, _) => certificate.Key
            ),
            new(
                new("FINGERPRINT")
                {
                    Wide = true,
                    Least = 12,
                    Drop = 10,
                    Optional = true,
                },
                (certificate, _) => Tones.Dim(certificate.Fingerprint)
            ),
            new(SharedColumns.Source, (certificate, _) => Tones.Dim(certificate.Source)),
            new(
                new("ERROR")
                {
                    Least = 24,
                    Drop = 1,
                    Optional = true,
                },
                (certificate, _) => new(certificate.LastError ?? "", Tone.Bad)
            )
        )
        {
            HasPages = true,
        };

    private static string Ends(CertificateDocument certificate) =>
        certificate.ExpiresInSeconds switch
        {
            null => "",
            < 0 and var seconds => $"{Spans.Age(TimeSpan.FromSeconds(-seconds))} ago",
            { } seconds => $"in {Spans.Age(TimeSpan.FromSeconds(seconds))}",
        };

    private static string? Day(DateTimeOffset? time) =>
        time?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
