using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fulcrum.Hosting;

/// <summary>Where a node's API is, and how we say who we are there.</summary>
/// <param name="Socket">The Unix socket, where there is no <see cref="Url"/>.</param>
internal sealed record ApiTarget(string Socket)
{
    /// <summary>On TCP instead; <c>http</c> or <c>https</c>.</summary>
    public Uri? Url { get; init; }

    /// <summary>Who signed the node's certificate (PEM). Null: one whom the system trusts.</summary>
    public string? Authorities { get; init; }

    /// <summary>Our certificate (PEM).</summary>
    public string? Certificate { get; init; }

    /// <summary>Its key; null: in the same file.</summary>
    public string? Key { get; init; }

    public string? TokenFile { get; init; }

    /// <summary>What the command line said; set once, before any command runs.</summary>
    public static ApiTarget Given { get; set; } = new("");

    /// <summary>What the command line says, else the environment, else the socket.</summary>
    /// <exception cref="ApiException">What was said cannot be used.</exception>
    public static ApiTarget Choose(string socket) => Choose(socket, Given);

    /// <inheritdoc cref="Choose(string)"/>
    /// <param name="socket">Where there is no URL.</param>
    /// <param name="given">What was said instead of the command line.</param>
    public static ApiTarget Choose(string socket, ApiTarget given)
    {
        var url = given.Url;
        if (url is null && Variable("FULCRUM_API") is { } text)
        {
            url = UrlOf(text) ?? throw new ApiException($"FULCRUM_API '{text}' is not {ExpectedUrl}");
        }

        return given with
        {
            Socket = socket,
            Url = url,
            TokenFile = given.TokenFile ?? Variable("FULCRUM_TOKEN_FILE"),
        };
    }

    public const string ExpectedUrl = "a URL such as http://127.0.0.1:7400 or https://lb1.example.com:7400";

    public static Uri? UrlOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url.AbsolutePath == "/"
        && url.UserInfo.Length == 0
        && url.Query.Length == 0
            ? url
            : null;

    /// <summary>What we show, if anything.</summary>
    /// <exception cref="ApiException">It cannot be read, or must not be sent there.</exception>
    public string? Token()
    {
        var token = TokenFile is { } file ? Read(file).Trim() : Variable("FULCRUM_TOKEN");
        if (token is not null && Url is { } url && url.Scheme == Uri.UriSchemeHttp && !IsLoopback(url))
        {
            throw new ApiException($"a token is not sent to {url.Host} without TLS; expected https://{url.Authority}");
        }

        return token;
    }

    /// <exception cref="ApiException">A file cannot be read or used.</exception>
    public SslClientAuthenticationOptions TlsOptions()
    {
        var options = new SslClientAuthenticationOptions();
        try
        {
            if (Authorities is { } authorities)
            {
                var policy = new X509ChainPolicy
                {
                    RevocationMode = X509RevocationMode.NoCheck,
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                };
                policy.CustomTrustStore.ImportFromPem(Read(authorities));
                options.CertificateChainPolicy = policy;
            }

            if (Certificate is { } certificate)
            {
                var pem = Read(certificate);
                var own = X509Certificate2.CreateFromPem(pem, Key is null ? pem : Read(Key));
                options.ClientCertificateContext = SslStreamCertificateContext.Create(own, null, offline: true);
            }
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw new ApiException($"{Certificate ?? Authorities} cannot be used: {error.Message}", error);
        }

        return options;
    }

    public override string ToString() => Url is { } url ? url.GetLeftPart(UriPartial.Authority) : Socket;

    private static bool IsLoopback(Uri url) =>
        url.IsLoopback
        || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ApiException($"{file} cannot be read: {error.Message}", error);
        }
    }
}
