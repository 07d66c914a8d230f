using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Fulcrum.TestKit.Certificates;

namespace Fulcrum.EndToEnd.Tests.Securing;

/// <summary>How a client comes in over TLS, to <c>a.example</c>.</summary>
internal static class TlsDoor
{
    /// <summary>Whom clients believe.</summary>
    public static X509ChainPolicy PolicyOf(TestAuthority authority)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        };
        policy.CustomTrustStore.Add(authority.Certificate);
        return policy;
    }

    public static async Task<SslStream> EnterAsync(
        IPEndPoint target,
        X509ChainPolicy policy,
        SslProtocols version,
        bool resumes
    )
    {
        var client = new TcpClient(AddressFamily.InterNetwork) { NoDelay = true };
        try
        {
            await client.ConnectAsync(target);
            var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "a.example",
                    EnabledSslProtocols = version,
                    CertificateChainPolicy = policy,
                    AllowTlsResume = resumes,
                }
            );
            return tls;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }
}
