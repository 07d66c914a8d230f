using System.Net;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>
/// Fulcrum with a service for each way to end TLS, nginx behind it, and HAProxy and nginx in front of it: each row of
/// theirs has a port.
/// </summary>
public sealed class SecuredListeners : Shared<NginxPeer>
{
    internal const int Page = 9001;
    private const int FirstFront = 7001;

    private static readonly ClientCase[] Fronts = [.. ClientTable.All.Where(row => row.Front is not null)];

    private readonly Papers _papers;
    private HaproxyPeer? _haproxy;
    private Daemon? _daemon;
    private HttpClient? _client;

    public SecuredListeners() => _papers = new(Folder);

    internal Daemon Daemon => _daemon!;

    internal Papers Papers => _papers;

    /// <summary>For what clients keep.</summary>
    internal string FileOf(string name) => Folder.PathOf(name);

    /// <summary>Asks the proxy of a row, which asks Fulcrum.</summary>
    internal async Task<HttpResponseMessage> AskFront(ClientCase row) =>
        await _client!.GetAsync(new Uri($"http://127.0.0.1:{FrontOf(row)}/{FrontOf(row)}"));

    /// <summary>What nginx says of its way to Fulcrum, for a row; null: nothing.</summary>
    internal async Task<string?> Complaint(ClientCase row) =>
        (await Peer()).Log.Lines.LastOrDefault(line =>
            line.Contains($"\"GET /{FrontOf(row)} ", StringComparison.Ordinal)
        );

    public override async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
        if (_haproxy is not null)
        {
            await _haproxy.DisposeAsync();
        }
        _papers.Dispose();
        await base.DisposeAsync();
    }

    protected override async Task<NginxPeer> Start(NetworkNamespace home)
    {
        // As an Ethernet has it: a large hello comes in several segments also where nobody cuts it.
        home.Ip("link", "set", "lo", "mtu", "1500");
        _client = new(home.HttpHandler());
        _daemon = await Daemon.Start(
            home,
            $"""
            nodes:
              lb1: {"{ threads: 2 }"}
            services:
            {Listeners.Text(_papers, Page)}
            """,
            null,
            "--node",
            "lb1"
        );
        _haproxy = await HaproxyPeer.Start(
            home,
            new(IPAddress.Loopback, FrontOf(Of("HAProxy").First())),
            HaproxyText()
        );
        var nginx = await NginxPeer.Start(home, new(IPAddress.Loopback, Page), NginxText());
        await Open(home, [.. Fronts.Select(FrontOf)]);
        return nginx;
    }

    private static IEnumerable<ClientCase> Of(string peer) => Fronts.Where(row => row.Peer == peer);

    private static int FrontOf(ClientCase row) => FirstFront + Array.IndexOf(Fronts, row);

    private string HaproxyText() =>
        """
            global
              nbthread 1
            defaults
              mode http
              timeout connect 5s
              timeout client 20s
              timeout server 20s
              retries 0
              option httpclose

            """
        + string.Concat(
            Of("HAProxy")
                .Select(row =>
                    $"""
                        listen front-{FrontOf(row)}
                          bind 127.0.0.1:{FrontOf(row)}
                          http-after-response set-header X-Error %[ssl_bc_err_str]
                          http-after-response set-header X-Version %[ssl_bc_protocol]
                          http-after-response set-header X-Protocol %[ssl_bc_alpn]
                          http-after-response set-header X-Resumed %[ssl_bc_is_resumed]
                          server fulcrum 127.0.0.1:{Listeners.PortOf(row.Listener)} ssl sni str({Papers.Name}) {Filled(
                            row
                        )}

                        """
                )
        );

    private string NginxText() =>
        $$"""
            server {
              listen 127.0.0.1:{{Page}};
              keepalive_timeout 0;
              location / { return 200 "{{Seen.Page}}"; }
            }

            """
        + string.Concat(
            Of("nginx")
                .Select(row =>
                    $$"""
                        server {
                          listen 127.0.0.1:{{FrontOf(row)}};
                          keepalive_timeout 0;
                          proxy_ssl_server_name on;
                          proxy_ssl_session_reuse off;
                          proxy_ssl_name {{Papers.Name}};
                          location / {
                            proxy_pass https://127.0.0.1:{{Listeners.PortOf(row.Listener)}};
                            {{Filled(row)}}
                          }
                        }

                        """
                )
        );

    // Certificates are called by name: {good}.
    private string Filled(ClientCase row) => Filling.Of(row.Front!, _papers);
}
