using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.Tls.Certificates;

namespace Fulcrum.Tls.Contexts;

/// <summary>How a <see cref="TlsClient"/> speaks to a server.</summary>
public sealed record TlsClientSettings
{
    public TlsVerify Verify { get; init; }

    /// <summary>A file of authorities, for <see cref="TlsVerify.Authorities"/>.</summary>
    public string? Authorities { get; init; }

    /// <summary>
    /// A file of revocation lists; those in <see cref="Authorities"/> count as well. As soon as there is one, every authority
    /// that has signed a server's certificate needs one.
    /// </summary>
    public string? RevocationLists { get; init; }

    /// <summary>Name or address that the server's certificate has to be for; a name is asked for as well.</summary>
    public string? ServerName { get; init; }

    public TlsVersion MinimumVersion { get; init; }

    /// <summary>Protocols that we speak, the best first. Empty: none is offered.</summary>
    public Items<string> Alpn { get; init; }

    /// <summary>What we show when asked.</summary>
    public LoadedCertificate? Certificate { get; init; }
}
