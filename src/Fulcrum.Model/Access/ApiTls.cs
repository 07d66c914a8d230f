using Fulcrum.Model.Tls;

namespace Fulcrum.Model.Access;

/// <summary>TLS of the control API, on every address that it listens at.</summary>
public sealed record ApiTls(CertificateReference Certificate)
{
    /// <summary>Clients may show a certificate from one of these authorities. Null: nobody is asked for one.</summary>
    public string? ClientAuthorities { get; init; }

    /// <summary>All files that it is read from.</summary>
    public IEnumerable<string> Files => Certificate.Files.Concat(new[] { ClientAuthorities }.OfType<string>());
}
