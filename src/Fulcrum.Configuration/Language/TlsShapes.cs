using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Tls;

namespace Fulcrum.Configuration.Language;

internal static class TlsShapes
{
    private static readonly Shape<TlsVersion> Version = Words.Of(
        (TlsVersion.Tls12, "tls1.2"),
        (TlsVersion.Tls13, "tls1.3")
    );

    public static Shape<CertificateReference> Certificate { get; } =
        Short(CertificateKeys("certificate", "A certificate chain with its key."));

    private static readonly Shape<CertificateReference> ServedCertificate = Short(
        CertificateKeys("served-certificate", "A certificate chain with its key, and what clients are told of it.")
            .Field(
                "ocsp",
                Scalars.FilePath,
                item => item.OcspFile,
                (item, value) => item with { OcspFile = value },
                "What its authority says of it (an OCSP response, DER), stapled for clients that ask while it holds."
            )
    );

    private static readonly Shape<ClientSubject> ClientSubjectShape = new ScalarShape<ClientSubject>(
        "dns:NAME, uri:URI, email:ADDRESS or cn:NAME, where a dns name may begin with *.",
        ParseSubject,
        subject => subject.ToString()
    )
    {
        Name = "client-subject",
        Pattern = @"(dns:(\*\.)?[A-Za-z0-9._-]+|(uri|email|cn):[^\u0000-\u001f\u007f-\u009f]+)",
    };

    public static Shape<TicketSettings> Tickets { get; } =
        new ObjectShape<TicketSettings>(
            "tickets",
            "What protects the tickets by which clients resume their TLS sessions.",
            new TicketSettings()
        )
            .Field(
                "secret",
                SecretShape.Shape,
                tickets => tickets.Secret,
                (tickets, value) => tickets with { Secret = value },
                "At least 32 bytes; nodes that have the same, and the same 'every', resume each other's sessions. A file that changes is read again, and the tickets of before still open. Left out: each node makes its own keys."
            )
            .Field(
                "every",
                Quantities.PositiveDuration,
                tickets => tickets.Every,
                (tickets, value) => tickets with { Every = value },
                "For how long a key protects new tickets; what it has protected opens through two more."
            );

    /// <summary>As those who ask and look for backends speak it.</summary>
    public static ObjectShape<TlsConnection> Connection { get; } =
        ConnectionKeys("tls-connection", "TLS towards who is asked.");

    /// <summary>As what clients say is carried on.</summary>
    public static ObjectShape<TlsConnection> BackendConnection { get; } =
        ConnectionKeys("tls-backend", "TLS towards a backend.")
            .Field(
                "revocations",
                Scalars.FilePath,
                tls => tls.Revocations,
                (tls, value) => tls with { Revocations = value },
                "A file of revocation lists of those authorities (PEM, or one in DER); as soon as there is one, each of them that has signed a backend's certificate needs one in force."
            );

    public static Shape<TlsTermination> Termination { get; } =
        new ObjectShape<TlsTermination>("tls", "TLS ends here.", new TlsTermination())
            .Field(
                "certificates",
                ServedCertificate.List(),
                tls => tls.Certificates,
                (tls, value) => tls with { Certificates = value },
                "Certificates with their keys; the client's server name chooses."
            )
            .Field(
                "acme",
                Networks.CertifiedName.List(),
                tls => tls.Acme,
                (tls, value) => tls with { Acme = value },
                "Names for which certificates are got by ACME, each its own: www.example.com, or *.example.com where the challenge is dns."
            )
            .Field(
                "minimum-version",
                Version,
                tls => tls.MinimumVersion,
                (tls, value) => tls with { MinimumVersion = value },
                "The oldest version that is spoken."
            )
            .Field(
                "profile",
                Words.Of<TlsProfile>(),
                tls => tls.Profile,
                (tls, value) => tls with { Profile = value },
                "Versions and ciphers by Mozilla's names: intermediate (TLS 1.2 and later, with forward secrecy), modern (TLS 1.3 only)."
            )
            .Field(
                "groups",
                Scalars.Word.List(),
                tls => tls.Groups,
                (tls, value) => tls with { Groups = value },
                "Groups for the exchange of keys as OpenSSL calls them, the preferred first: [X25519, P-256]. TLS 1.2 shows a certificate of ECDSA only if its curve is among them. Left out: X25519MLKEM768 where it is known, X25519, P-256, P-384."
            )
            .Field(
                "alpn",
                Scalars.Word.List(),
                tls => tls.Alpn,
                (tls, value) => tls with { Alpn = value },
                "Protocols accepted, the preferred first."
            )
            .Field(
                "unknown-name",
                Words.Of<UnknownName>(),
                tls => tls.UnknownName,
                (tls, value) => tls with { UnknownName = value },
                "For a name without certificate the first is shown (default), or the handshake refused (refuse)."
            )
            .Field(
                "client-authorities",
                Scalars.FilePath,
                tls => tls.ClientAuthorities,
                (tls, value) => tls with { ClientAuthorities = value },
                "Clients are asked for a certificate from one of these authorities (PEM; revocation lists beside them count)."
            )
            .Optional(
                "client-certificate",
                Words.Of<ClientCertificateDemand>(),
                tls => tls.ClientCertificate,
                (tls, value) => tls with { ClientCertificate = value },
                "Whether a client without one is refused (required, which holds where there are client-authorities) or let in (optional)."
            )
            .Field(
                "client-revocations",
                Scalars.FilePath,
                tls => tls.ClientRevocations,
                (tls, value) => tls with { ClientRevocations = value },
                "A file of revocation lists (PEM, or one in DER); as soon as there is one, each authority that has signed a client's certificate needs one in force."
            )
            .Field(
                "client-subjects",
                ClientSubjectShape.List(),
                tls => tls.ClientSubjects,
                (tls, value) => tls with { ClientSubjects = value },
                "Of the clients that show a certificate only these are let in: dns:*.shop.example.com, uri:spiffe://example.com/shop, email:ops@example.com, or the common name, cn:robot 7."
            )
            .Field(
                "tickets",
                Tickets,
                tls => tls.Tickets,
                (tls, value) => tls with { Tickets = value },
                "What protects the tickets by which clients resume. Nearest wins."
            )
            .Field(
                "handshake-timeout",
                Quantities.PositiveDuration,
                tls => tls.HandshakeTimeout,
                (tls, value) => tls with { HandshakeTimeout = value },
                "A handshake takes at most this long."
            )
            .Optional(
                "warn-before",
                Quantities.PositiveDuration,
                tls => tls.WarnBefore,
                (tls, value) => tls with { WarnBefore = value },
                "A certificate that ends sooner is warned of (14d, and of a short life the last third)."
            )
            .OrSome(
                ServedCertificate,
                certificates => new TlsTermination { Certificates = certificates },
                tls => tls.Certificates
            );

    private static ObjectShape<TlsConnection> ConnectionKeys(string name, string about) =>
        new ObjectShape<TlsConnection>(name, about, new TlsConnection())
            .Field(
                "verify",
                Words.Of<TlsVerify>(),
                tls => tls.Verify,
                (tls, value) => tls with { Verify = value },
                "Against the system's authorities, those of the file, or not at all."
            )
            .Field(
                "authorities",
                Scalars.FilePath,
                tls => tls.Authorities,
                (tls, value) => tls with { Authorities = value },
                "A file of authorities' certificates (PEM)."
            )
            .Field(
                "minimum-version",
                Version,
                tls => tls.MinimumVersion,
                (tls, value) => tls with { MinimumVersion = value },
                "The oldest version that is spoken."
            )
            .Field(
                "server-name",
                Networks.HostName,
                tls => tls.ServerName,
                (tls, value) => tls with { ServerName = value },
                "The name asked for and verified; left out: the backend's name, if it has one."
            )
            .Field(
                "alpn",
                Scalars.Word.List(),
                tls => tls.Alpn,
                (tls, value) => tls with { Alpn = value },
                "Protocols offered, the preferred first."
            )
            .Field(
                "warn-before",
                Quantities.PositiveDuration,
                tls => tls.WarnBefore,
                (tls, value) => tls with { WarnBefore = value },
                "A certificate that expires sooner is warned of (14d)."
            )
            .Field(
                "certificate",
                Certificate,
                tls => tls.Certificate,
                (tls, value) => tls with { Certificate = value },
                "What we show when asked."
            );

    private static ObjectShape<CertificateReference> CertificateKeys(string name, string about) =>
        new ObjectShape<CertificateReference>(name, about, new CertificateReference(null!, null, null))
            .Required(
                "file",
                Scalars.FilePath,
                item => item.File,
                (item, value) => item with { File = value },
                "The chain, and the key when it has no file of its own (PEM)."
            )
            .Field(
                "key",
                Scalars.FilePath,
                item => item.KeyFile,
                (item, value) => item with { KeyFile = value },
                "The key (PEM)."
            )
            .Field(
                "passphrase",
                SecretShape.Shape,
                item => item.Passphrase,
                (item, value) => item with { Passphrase = value },
                "Opens the key."
            );

    private static Shape<CertificateReference> Short(ObjectShape<CertificateReference> keys) =>
        keys.Or(Scalars.FilePath, file => new CertificateReference(file, null, null), item => item.File);

    private static bool ParseSubject(string text, out ClientSubject subject, out string? why)
    {
        why = null;
        var isOne = ClientSubject.TryParse(text, out var parsed);
        subject = parsed!;
        return isOne;
    }
}
