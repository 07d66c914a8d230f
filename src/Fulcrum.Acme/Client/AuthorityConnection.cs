using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.Protocols.Acme;

namespace Fulcrum.Acme.Client;

/// <summary>Opens connections to an authority's server.</summary>
internal static class AuthorityConnection
{
    // RFC 8555 section 6.1 wants to know who asks.
    private static readonly ProductInfoHeaderValue Agent = new("Fulcrum", "1");

    /// <param name="authorities">By whose certificates the server is verified. Null: those of the system.</param>
    /// <exception cref="AcmeException">There are none in the file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static HttpClient Open(string? authorities, TimeSpan timeout)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            MaxConnectionsPerServer = 4,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            MaxResponseHeadersLength = 64,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = PolicyOf(authorities) },
        };
        var http = new HttpClient(handler)
        {
            Timeout = timeout,
            MaxResponseContentBufferSize = AcmeDocuments.MostBytes,
        };
        http.DefaultRequestHeaders.UserAgent.Add(Agent);
        return http;
    }

    private static X509ChainPolicy? PolicyOf(string? authorities)
    {
        if (authorities is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(authorities);
        }
        catch (Exception error) when (error is CryptographicException or UnauthorizedAccessException)
        {
            throw new AcmeException($"cannot read {authorities}: {error.Message}", error);
        }

        return policy.CustomTrustStore.Count > 0
            ? policy
            : throw new AcmeException($"{authorities} has no certificate");
    }
}
