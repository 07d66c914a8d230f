using Fulcrum.Interop.Tests.Securing.Clients;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>All rows of clients, by what they are about.</summary>
internal static class ClientTable
{
    public static IReadOnlyList<(string Title, IReadOnlyList<ClientCase> Rows)> Chapters { get; } =
    [
        ("Versions and ciphers", VersionCases.All),
        ("Application protocols (ALPN)", ProtocolCases.All),
        ("Names (SNI) and which certificate", NameCases.All),
        ("Hellos in pieces, large and broken", HelloCases.All),
        ("Resumption", ResumptionCases.All),
        ("Our certificate, to clients that verify it", TrustCases.All),
        ("Certificates of clients", ClientCertificateCases.All),
        ("Ends", EndCases.All),
    ];

    public static IReadOnlyList<ClientCase> All { get; } = [.. Chapters.SelectMany(chapter => chapter.Rows)];
}
