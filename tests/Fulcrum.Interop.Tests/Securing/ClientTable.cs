using Fulcrum.Interop.Tests.Securing.Clients;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>All rows of clients, by what they are about.</summary>
internal static class ClientTable
{
    public static IReadOnlyList<Chapter<ClientCase>> Chapters { get; } =
    [
        new("Versions, ciphers and groups", "", VersionCases.All),
        new(
            "Application protocols (ALPN)",
            "The listener has `alpn: [h2, http/1.1]`, where nothing else is said.",
            ProtocolCases.All
        ),
        new(
            "Names (SNI), and which certificate is shown",
            "There are certificates for `shop.example.com`, one of ECDSA and one of RSA, and for `*.wild.example.com`.",
            NameCases.All
        ),
        new(
            "Hellos in pieces, large and broken",
            "A long list of protocols makes hellos large; what both speak comes last in it.",
            HelloCases.All
        ),
        new("Resumption", "What is told is the second connection.", ResumptionCases.All),
        new("Our certificate, to clients that verify it", "", TrustCases.All),
        new(
            "Certificates of clients",
            "The listener has `client-authorities`; where it is about those that are revoked, `client-revocations` too.",
            ClientCertificateCases.All
        ),
        new("Other talk, and ends", "", EndCases.All),
    ];

    public static IReadOnlyList<ClientCase> All { get; } = [.. Chapters.SelectMany(chapter => chapter.Rows)];
}
