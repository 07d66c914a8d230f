using Fulcrum.Model.Tls;
using Fulcrum.Model.Values;
using Fulcrum.Tls.Certificates;
using Fulcrum.Tls.Tickets;

namespace Fulcrum.Tls.Contexts;

/// <summary>What a <see cref="TlsServer"/> shows, and whom it lets in.</summary>
public sealed record TlsServerSettings
{
    /// <summary>The first one is shown to who asks for no name, or one that nobody has.</summary>
    public required Items<LoadedCertificate> Certificates { get; init; }

    public TlsVersion MinimumVersion { get; init; }

    public TlsProfile Profile { get; init; }

    /// <summary>For the exchange of keys, the best first. Empty: the best that the library knows.</summary>
    public Items<string> Groups { get; init; }

    /// <summary>Protocols, the best first. Empty: none is agreed on.</summary>
    public Items<string> Alpn { get; init; }

    public UnknownName UnknownName { get; init; }

    /// <summary>A file of authorities whose certificates clients have to show. Null: they are not asked.</summary>
    public string? ClientAuthorities { get; init; }

    /// <summary>
    /// A file of revocation lists; those in <see cref="ClientAuthorities"/> count as well. As soon as there is one, every
    /// authority that has signed a client's certificate needs one.
    /// </summary>
    public string? RevocationLists { get; init; }

    /// <summary>A client that shows no certificate is let in all the same.</summary>
    public bool IsClientCertificateOptional { get; init; }

    /// <summary>Of the clients that show a good certificate, who is let in. Empty: all of them.</summary>
    public Items<ClientSubject> ClientSubjects { get; init; }

    /// <summary>Null: no connection can be resumed.</summary>
    public TicketKeys? Tickets { get; init; }
}
