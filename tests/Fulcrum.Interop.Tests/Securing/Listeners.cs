namespace Fulcrum.Interop.Tests.Securing;

/// <summary>Fulcrum's services at which TLS ends.</summary>
internal static class Listeners
{
    /// <summary>As it comes: an ECDSA and an RSA certificate for the name, and a wildcard.</summary>
    public const string Usual = "usual";

    /// <summary>Only ECDSA.</summary>
    public const string OneKey = "one-key";

    /// <summary>TLS 1.3 alone.</summary>
    public const string Newest = "newest";

    /// <summary>Speaks h2 and http/1.1.</summary>
    public const string Protocols = "protocols";

    /// <summary>Refuses names that nobody has.</summary>
    public const string Strict = "strict";

    /// <summary>Wants a certificate of the client's.</summary>
    public const string Mutual = "mutual";

    /// <summary>The same, with a list of those that are revoked.</summary>
    public const string Revoking = "revoking";

    /// <summary>Takes a certificate of the client's, but does not want one.</summary>
    public const string Optional = "optional";

    /// <summary>Wants a certificate for one name.</summary>
    public const string Subjects = "subjects";

    /// <summary>The profile of that name.</summary>
    public const string Modern = "modern";

    /// <summary>One group alone.</summary>
    public const string Grouped = "grouped";

    /// <summary>Staples what the authority says.</summary>
    public const string Stapled = "stapled";

    public const string Expired = "expired";

    public const string SelfSigned = "self-signed";

    private const int FirstPort = 8001;

    private static readonly string[] All =
    [
        Usual,
        OneKey,
        Newest,
        Protocols,
        Strict,
        Mutual,
        Revoking,
        Optional,
        Subjects,
        Modern,
        Grouped,
        Stapled,
        Expired,
        SelfSigned,
    ];

    public static int PortOf(string name) => FirstPort + Array.IndexOf(All, name);

    /// <summary>The services, for Fulcrum.</summary>
    public static string Text(Papers papers, int backend) =>
        string.Concat(
            All.Select(name =>
                $$"""
                      {{name}}:
                        listen: tls://127.0.0.1:{{PortOf(name)}}
                        tls: { {{TlsOf(name, papers)}} }
                        backends: [127.0.0.1:{{backend}}]

                    """
            )
        );

    private static string TlsOf(string name, Papers papers)
    {
        var good = $"certificates: [{papers.PathOf("good")}]";
        return name switch
        {
            Usual => $"certificates: [{papers.PathOf("good")}, {papers.PathOf("rsa")}, {papers.PathOf("wildcard")}]",
            Newest => $"{good}, minimum-version: tls1.3",
            Protocols => $"{good}, alpn: [h2, http/1.1]",
            Strict => $"{good}, unknown-name: refuse",
            Mutual => $"{good}, client-authorities: {papers.Authority}",
            Revoking =>
                $"{good}, client-authorities: {papers.Authority}, client-revocations: {papers.PathOf("revocations")}",
            Optional => $"{good}, client-authorities: {papers.Authority}, client-certificate: optional",
            Subjects => $"{good}, client-authorities: {papers.Authority}, client-subjects: [dns:{Papers.Name}]",
            Stapled => $"certificates: [{{ file: {papers.PathOf("stapled")}, ocsp: {papers.PathOf("staple")} }}]",
            Modern => $"{good}, profile: modern",
            Grouped => $"{good}, groups: [P-384]",
            Expired or SelfSigned => $"certificates: [{papers.PathOf(name)}]",
            _ => good,
        };
    }
}
