using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Tls;

namespace Fulcrum.Configuration.Language;

internal static class AcmeShape
{
    private static readonly Shape<AcmeExternalAccount> ExternalAccount = new ObjectShape<AcmeExternalAccount>(
        "acme-external-account",
        "An account that the authority's owner gave us elsewhere (external account binding).",
        new AcmeExternalAccount(null!, null!)
    )
        .Required(
            "key-id",
            Scalars.Word,
            account => account.KeyId,
            (account, value) => account with { KeyId = value },
            "How the authority calls the key."
        )
        .Required(
            "key",
            SecretShape.Shape,
            account => account.Key,
            (account, value) => account with { Key = value },
            "The key, in base64url as authorities hand it out."
        );

    public static ObjectShape<AcmeSettings> Shape { get; } =
        new ObjectShape<AcmeSettings>(
            "acme",
            "Who issues certificates by ACME, and how it sees that names are ours.",
            new AcmeSettings()
        )
            .Field(
                "directory",
                Urls.Of("https"),
                acme => acme.Directory,
                (acme, value) => acme with { Directory = value },
                "The authority's directory; left out: that of Let's Encrypt."
            )
            .Field(
                "email",
                Scalars.Word,
                acme => acme.Email,
                (acme, value) => acme with { Email = value },
                "Whom the authority may write to."
            )
            .Required(
                "accept-terms",
                Scalars.Boolean,
                acme => acme.AcceptTerms,
                (acme, value) => acme with { AcceptTerms = value },
                "true: you accept the authority's terms; without that it issues nothing."
            )
            .Field(
                "challenge",
                Words.Of<AcmeMethod>(),
                acme => acme.Challenge,
                (acme, value) => acme with { Challenge = value },
                "How it sees that a name is ours: tls-alpn, at the service's own listener (port 443 of the name); http, at http-listen (port 80); dns, by dns-hook."
            )
            .Field(
                "http-listen",
                Networks.EndPoint,
                acme => acme.HttpListen,
                (acme, value) => acme with { HttpListen = value },
                "Where http is answered, and nothing else: 0.0.0.0:80. Listened at only while an authority asks."
            )
            .Field(
                "dns-hook",
                Scalars.Text.List(),
                acme => acme.DnsHook,
                (acme, value) => acme with { DnsHook = value },
                "The program that makes TXT records, and its first arguments, without a shell; 'present' or 'cleanup', the domain, the record's name and its text come behind them. It ends with 0 when the record can be seen."
            )
            .Field(
                "authorities",
                Scalars.FilePath,
                acme => acme.Authorities,
                (acme, value) => acme with { Authorities = value },
                "Certificates (PEM) by which the authority's server is verified; left out: the system's."
            )
            .Field(
                "external-account",
                ExternalAccount,
                acme => acme.ExternalAccount,
                (acme, value) => acme with { ExternalAccount = value },
                "An account that the authority's owner gave us elsewhere."
            )
            .Field(
                "key",
                Words.Of<CertificateKeyKind>(),
                acme => acme.Key,
                (acme, value) => acme with { Key = value },
                "The kind of the certificates' keys: ecdsa (P-256), rsa (2048 bits)."
            );
}
