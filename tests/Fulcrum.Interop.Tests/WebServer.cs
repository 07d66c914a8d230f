using System.Net;
using Fulcrum.Model.Tls;
using Fulcrum.TestKit.Certificates;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Interop.Tests;

/// <summary>nginx, with a port for each way to speak HTTP and for each certificate.</summary>
public sealed class WebServer : Shared<NginxPeer>
{
    internal const string Name = "shop.example.com";

    internal const int Plain = 80;
    internal const int Http2Plain = 81;
    internal const int Tls = 443;
    internal const int Http1Tls = 444;
    internal const int Expired = 445;
    internal const int OtherName = 446;
    internal const int SelfSigned = 447;
    internal const int Mutual = 448;

    private readonly TestAuthority _authority = TestAuthority.Create();

    /// <summary>Trusts the authority that has signed the servers' certificates.</summary>
    internal TlsConnection Trusting() =>
        new()
        {
            Verify = TlsVerify.Authorities,
            Authorities = Folder.Write("authorities.pem", _authority.Pem),
            ServerName = Name,
        };

    internal CertificateReference ClientCertificate()
    {
        using var certificate = _authority.Issue("lb1.example.com");
        return new(Folder.Write("client.pem", certificate.ChainPem + certificate.KeyPem), null, null);
    }

    protected override async Task<NginxPeer> Start(NetworkNamespace home)
    {
        Folder.Write("page.html", "<p>ready: 42</p>");
        Folder.Write("long.html", "first" + new string('.', 200_000) + "last");
        File.SetUnixFileMode(Folder.FullName, (UnixFileMode)0b111_101_101);
        Folder.Write("authorities.pem", _authority.Pem);
        using var good = _authority.Issue(Name, "127.0.0.1");
        using var expired = _authority.Issue(Validity.Expired, Name);
        using var other = _authority.Issue("other.example.com");
        using var selfSigned = TestAuthority.SelfSigned(Name);
        string[] servers =
        [
            Server($"{Plain}"),
            Server($"{Http2Plain} http2"),
            Server($"{Tls} ssl http2", good, "ssl_protocols TLSv1.2 TLSv1.3;"),
            Server($"{Http1Tls} ssl", good, "ssl_protocols TLSv1.2;"),
            Server($"{Expired} ssl", expired),
            Server($"{OtherName} ssl", other),
            Server($"{SelfSigned} ssl", selfSigned),
            Server(
                $"{Mutual} ssl http2",
                good,
                $"ssl_protocols TLSv1.2 TLSv1.3; ssl_verify_client on; ssl_client_certificate {Folder.PathOf("authorities.pem")};"
            ),
        ];
        var peer = await NginxPeer.Start(home, new(IPAddress.Loopback, Plain), string.Concat(servers));
        await Open(home, Http2Plain, Tls, Http1Tls, Expired, OtherName, SelfSigned, Mutual);
        return peer;
    }

    private string Server(string listen, TestCertificate? certificate = null, string more = "")
    {
        if (certificate is not null)
        {
            var name = $"server{listen.Split(' ')[0]}";
            var file = Folder.Write($"{name}.pem", certificate.ChainPem);
            more += $"ssl_certificate {file}; ssl_certificate_key {Folder.Write($"{name}.key", certificate.KeyPem)};";
        }

        return $$"""
            server {
              listen 127.0.0.1:{{listen}};
              server_name {{Name}};
              root {{Folder.FullName}};
              default_type text/html;
              {{more}}
              location = / { return 200 "$request_method for $host: ready\n"; }
              location = /empty { return 204; }
              location = /moved { return 302 http://192.0.2.1/; }
              location = /forbidden { return 403; }
              location = /broken { return 500 "ready"; }
              location = /busy { return 503; }
              location = /hangs-up { return 444; }
              location = /page.html { ssi on; }
              location = /long.html { }
              location = /agent { return 200 $http_user_agent; }
            }

            """;
    }
}
