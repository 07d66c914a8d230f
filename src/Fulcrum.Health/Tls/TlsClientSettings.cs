using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Fulcrum.Model.Tls;

namespace Fulcrum.Health.Tls;

/// <summary>How TLS is spoken to one backend. Made once for a check and shared by all its probes; immutable.</summary>
internal sealed class TlsClientSettings
{
    private readonly TlsMaterial _material;

    private TlsClientSettings(TlsConnection tls, TlsMaterial material, string host)
    {
        _material = material;
        Verify = tls.Verify != TlsVerify.None;
        Host = host;
        Options = new()
        {
            // Older versions are deprecated (RFC 8996). An address is no server name (RFC 6066 section 3), so none is sent.
            EnabledSslProtocols =
                tls.MinimumVersion == TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
            TargetHost = host,
            ApplicationProtocols = tls.Alpn.IsEmpty
                ? null
                : [.. tls.Alpn.Select(name => new SslApplicationProtocol(name))],
            ClientCertificateContext = material.Certificate,
            CertificateChainPolicy = material.Policy,
            AllowRenegotiation = false,
            AllowTlsResume = false,
        };
    }

    public bool Verify { get; }

    /// <summary>The name asked for and verified, or the address.</summary>
    public string Host { get; }

    public SslClientAuthenticationOptions Options { get; }

    /// <summary>Before every probe: cheap, and the last settings again unless files have changed.</summary>
    /// <param name="serverName">The backend's name, if it has one: used when the connection names none.</param>
    /// <param name="address">Of the backend. Without a name the certificate must be for it.</param>
    /// <param name="last">Made by an earlier call with the same arguments.</param>
    /// <exception cref="TlsSettingsException">A file cannot be read or used, or a name is impossible.</exception>
    public static TlsClientSettings Load(
        TlsMaterials materials,
        TlsConnection tls,
        string? serverName,
        IPAddress address,
        TlsClientSettings? last = null
    )
    {
        var material = materials.Get(tls);
        if (last is not null && ReferenceEquals(last._material, material))
        {
            return last;
        }

        try
        {
            return new(tls, material, tls.NameOf(serverName, address)!);
        }
        catch (ArgumentException exception)
        {
            throw new TlsSettingsException($"alpn: {exception.Message}", exception);
        }
    }
}
