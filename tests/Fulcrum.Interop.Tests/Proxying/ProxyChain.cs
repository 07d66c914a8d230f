using System.Net;
using System.Text;
using Fulcrum.TestKit.Certificates;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Interop.Tests.Proxying;

/// <summary>
/// HAProxy behind Fulcrum and in front of it, and nginx behind it, on loopback. Whoever is behind tells whom the PROXY
/// header has named as source and destination, and what it said beside.
/// </summary>
public sealed class ProxyChain : Shared<HaproxyPeer>
{
    internal const string Name = "shop.example.com";
    internal const string Client = "127.0.0.5";
    internal const string Denied = "127.0.0.6";
    internal const string Client6 = "fd00::5";
    internal const string Home6 = "fd00::1";

    // Fulcrum's listeners in front of HAProxy and nginx.
    internal const int V1 = 8001;
    internal const int V2 = 8002;
    internal const int V2Tls = 8003;
    internal const int NginxV1 = 8004;
    internal const int NginxV2 = 8005;

    // HAProxy's listeners in front of Fulcrum.
    internal const int FrontV1 = 7001;
    internal const int FrontV2 = 7002;
    internal const int FrontTls = 7003;
    internal const int FrontStream = 7004;
    internal const int FrontChecked = 7005;

    // Fulcrum's listeners that HAProxy leads to.
    private const int Require = 6001;
    private const int Accept = 6002;

    // Those behind.
    private const int Behind = 9001;
    private const int BehindTls = 9002;
    private const int BehindNginx = 9003;

    private readonly TestAuthority _authority = TestAuthority.Create();
    private NginxPeer? _nginx;
    private Daemon? _daemon;

    internal Daemon Daemon => _daemon!;

    internal string AccessLog => Folder.PathOf("access.log");

    /// <summary>What <c>curl</c> gets from an address of its choice; the last word is where it called from.</summary>
    internal async Task<string> Get(string from, string url)
    {
        var home = await Home();
        return home.Run(
            "curl",
            "-sS",
            "-g",
            "--max-time",
            "20",
            "--cacert",
            Folder.PathOf("authority.pem"),
            "--interface",
            from,
            "--resolve",
            $"{Name}:{V2Tls}:127.0.0.1",
            "--resolve",
            $"{Name}:{FrontTls}:127.0.0.1",
            "-w",
            "|%{local_ip}:%{local_port}|%header{x-id}",
            url
        );
    }

    public override async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
        if (_nginx is not null)
        {
            await _nginx.DisposeAsync();
        }
        _authority.Dispose();
        await base.DisposeAsync();
    }

    protected override async Task<HaproxyPeer> Start(NetworkNamespace home)
    {
        home.Ip("address", "add", $"{Home6}/128", "dev", "lo", "nodad");
        home.Ip("address", "add", $"{Client6}/128", "dev", "lo", "nodad");
        Folder.Write("authority.pem", _authority.Pem);
        using var certificate = _authority.Issue(Name);
        var pem = Folder.Write("server.pem", certificate.ChainPem + certificate.KeyPem);
        var haproxy = await HaproxyPeer.Start(home, new(IPAddress.Loopback, Behind), HaproxyText(pem));
        _nginx = await NginxPeer.Start(
            home,
            new(IPAddress.Loopback, BehindNginx),
            $$"""
            server {
              listen 127.0.0.1:{{BehindNginx}} proxy_protocol;
              location / {
                return 200 "$proxy_protocol_addr:$proxy_protocol_port>$proxy_protocol_server_addr:$proxy_protocol_server_port>>";
              }
            }
            """
        );
        _daemon = await Daemon.Start(home, FulcrumText(), null, "--node", "lb1");
        return haproxy;
    }

    private string FulcrumText() =>
        $$"""
            nodes:
              lb1: { threads: 2 }
            upstreams:
              v1: { connect: { proxy-protocol: v1 }, backends: [127.0.0.1:{{Behind}}] }
              v2: { connect: { proxy-protocol: { version: v2, fields: [authority, unique-id, crc32c] } }, backends: [127.0.0.1:{{Behind}}] }
              v2-plain: { connect: { proxy-protocol: v2 }, backends: [127.0.0.1:{{Behind}}] }
              v2-tls: { connect: { proxy-protocol: { version: v2, fields: [authority, alpn, unique-id, crc32c] } }, backends: [127.0.0.1:{{BehindTls}}] }
              nginx-v1: { connect: { proxy-protocol: v1 }, backends: [127.0.0.1:{{BehindNginx}}] }
              nginx-v2: { connect: { proxy-protocol: { version: v2, fields: [unique-id, crc32c] } }, backends: [127.0.0.1:{{BehindNginx}}] }
            services:
              v1: { listen: ["tcp://127.0.0.1:{{V1}}", "tcp://[{{Home6}}]:{{V1}}"], upstream: v1 }
              v2: { listen: ["tcp://127.0.0.1:{{V2}}", "tcp://[{{Home6}}]:{{V2}}"], upstream: v2-plain }
              v2-tls: { listen: ["tcp://127.0.0.1:{{V2Tls}}"], upstream: v2-tls }
              nginx-v1: { listen: ["tcp://127.0.0.1:{{NginxV1}}", "tcp://[{{Home6}}]:{{NginxV1}}"], upstream: nginx-v1 }
              nginx-v2: { listen: ["tcp://127.0.0.1:{{NginxV2}}", "tcp://[{{Home6}}]:{{NginxV2}}"], upstream: nginx-v2 }
              require:
                listen: tcp://127.0.0.1:{{Require}}
                client: { proxy-protocol: require, proxy-protocol-from: [127.0.0.1/32], deny: [{{Denied}}/32] }
                access-log: { to: {{AccessLog}}, format: json }
                upstream: v2
              accept:
                listen: tcp://127.0.0.1:{{Accept}}
                client: { proxy-protocol: accept, proxy-protocol-from: [127.0.0.1/32], deny: [{{Denied}}/32] }
                upstream: v1
            """;

    private static string HaproxyText(string pem)
    {
        const string Answer =
            "http-request return status 200 content-type text/plain lf-string \"%[src]:%[src_port]>%[dst]:%[dst_port]>%[fc_pp_authority]>%[fc_pp_unique_id]\"";
        const string Tells = "  http-response set-header X-Id %[unique-id]\n";
        var text = new StringBuilder(
            $"""
            defaults
              mode http
              timeout connect 5s
              timeout client 20s
              timeout server 20s
              retries 0
              unique-id-format %ci:%cp-%rt
            frontend behind
              bind 127.0.0.1:{Behind} accept-proxy
              {Answer}
            frontend behind-tls
              bind 127.0.0.1:{BehindTls} accept-proxy ssl crt {pem}
              {Answer}

            """
        );
        Add(FrontV1, "", $"127.0.0.1:{Require} send-proxy");
        Add(FrontV2, "", $"127.0.0.1:{Require} send-proxy-v2 proxy-v2-options unique-id,crc32c");
        Add(
            FrontTls,
            $"ssl crt {pem}",
            $"127.0.0.1:{Require} send-proxy-v2 proxy-v2-options unique-id,authority,crc32c"
        );
        Add(
            FrontChecked,
            "",
            $"127.0.0.1:{Require} send-proxy-v2 check inter 200ms fall 1 check-send-proxy",
            Tells + "  option httpchk GET /check\n"
        );
        Add(FrontStream, "", $"127.0.0.1:{Accept} send-proxy-v2", "  mode tcp\n");
        return text.ToString();

        void Add(int port, string bind, string server, string more = Tells) =>
            text.Append(
                $"""
                listen front-{port}
                {more}  bind 127.0.0.1:{port} {bind}
                  bind [{Home6}]:{port} {bind}
                  server fulcrum {server}

                """
            );
    }
}
