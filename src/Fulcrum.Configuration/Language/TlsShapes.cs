using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Tls;

namespace Fulcrum.Configuration.Language;

internal static class TlsShapes
{
    public static Shape<CertificateReference> Certificate { get; } =
        new ObjectShape<CertificateReference>(
            "certificate",
            "A certificate chain with its key.",
            new CertificateReference(null!, null, null)
        )
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
            )
            .Or(Scalars.FilePath, file => new CertificateReference(file, null, null), item => item.File);

    public static ObjectShape<TlsConnection> Connection { get; } =
        new ObjectShape<TlsConnection>("tls-connection", "TLS towards a backend.", new TlsConnection())
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

    public static Shape<TlsTermination> Termination { get; } =
        new ObjectShape<TlsTermination>("tls", "TLS ends here.", new TlsTermination())
            .Field(
                "certificates",
                Certificate.List(),
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
                Words.Of((TlsVersion.Tls12, "tls1.2"), (TlsVersion.Tls13, "tls1.3")),
                tls => tls.MinimumVersion,
                (tls, value) => tls with { MinimumVersion = value },
                "The oldest version that is spoken."
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
                "Clients must show a certificate from one of these authorities (PEM)."
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
                Certificate,
                certificates => new TlsTermination { Certificates = certificates },
                tls => tls.Certificates
            );
}
