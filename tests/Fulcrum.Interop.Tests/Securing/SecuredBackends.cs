using System.Net;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Interop.Tests.Securing;

/// <summary>
/// nginx and HAProxy as servers of TLS, one for each row, and Fulcrum in front of them: each row has a service with its
/// server and, behind it, one that is always there and knows no TLS.
/// </summary>
public sealed class SecuredBackends : Shared<NginxPeer>
{
    private const int Another = 9001;
    private const int FirstServer = 7001;
    private const int FirstService = 8001;

    private readonly Papers _papers;
    private HaproxyPeer? _haproxy;
    private Daemon? _daemon;
    private HttpClient? _client;

    public SecuredBackends() => _papers = new(Folder);

    internal Daemon Daemon => _daemon!;

    internal static string ServiceOf(BackendCase row) => $"row-{IndexOf(row)}";

    internal async Task<string> Ask(BackendCase row)
    {
        try
        {
            using var answer = await _client!.GetAsync(new Uri($"http://127.0.0.1:{FirstService + IndexOf(row)}/"));
            return answer.IsSuccessStatusCode
                ? await answer.Content.ReadAsStringAsync()
                : $"status {(int)answer.StatusCode}";
        }
        catch (HttpRequestException)
        {
            return "nothing";
        }
    }

    /// <summary>What the server of a row says of a handshake that came to nothing; null: nothing yet.</summary>
    internal async Task<string?> Complaint(BackendCase row)
    {
        var nginx = await Peer();
        var port = FirstServer + IndexOf(row);
        // Both also speak of whoever has looked whether the port is open, and of ends.
        return row.Peer == BackendCase.Nginx
            ? nginx.Log.Lines.FirstOrDefault(line =>
                (
                    line.Contains($"server: 127.0.0.1:{port}", StringComparison.Ordinal)
                    || line.Contains($"server: {ServiceOf(row)},", StringComparison.Ordinal)
                ) && !line.Contains("closed connection", StringComparison.Ordinal)
            )
            : _haproxy!.Log.Lines.FirstOrDefault(line =>
                line.StartsWith($"port {port}: ", StringComparison.Ordinal)
                && !line.EndsWith(": -", StringComparison.Ordinal)
            );
    }

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
        _client = new(home.HttpHandler());
        _client.DefaultRequestHeaders.ConnectionClose = true;
        var first = BackendTable.All.First(row => row.Peer == BackendCase.Haproxy);
        _haproxy = await HaproxyPeer.Start(
            home,
            new(IPAddress.Loopback, FirstServer + IndexOf(first)),
            """
            global
              nbthread 1
              log stdout format raw daemon
            defaults
              mode http
              log global
              timeout client 20s
              error-log-format "port %fp: %[ssl_fc_err_str]"

            """ + string.Concat(BackendTable.All.Where(row => row.Peer == BackendCase.Haproxy).Select(HaproxyText))
        );
        var nginx = await NginxPeer.Start(
            home,
            new(IPAddress.Loopback, Another),
            $$"""
            error_log stderr info;
            keepalive_timeout 0;
            server { listen 127.0.0.1:{{Another}}; location / { return 200 "{{BackendCase.Another}}"; } }

            """ + string.Concat(BackendTable.All.Where(row => row.Peer == BackendCase.Nginx).Select(NginxText))
        );
        await Open(home, [.. BackendTable.All.Select(row => FirstServer + IndexOf(row))]);
        _daemon = await Daemon.Start(
            home,
            "nodes:\n  lb1: { threads: 2 }\nservices:\n" + string.Concat(BackendTable.All.Select(ServiceText)),
            null,
            "--node",
            "lb1"
        );
        return nginx;
    }

    private static int IndexOf(BackendCase row) => Array.IndexOf(BackendTable.All, row);

    private string ServiceText(BackendCase row) =>
        $$"""
              {{ServiceOf(row)}}:
                listen: tcp://127.0.0.1:{{FirstService + IndexOf(row)}}
                balance: first
                backends:
                  - { address: "127.0.0.1:{{FirstServer + IndexOf(row)}}", connect: { tls: { {{Filling.Of(
                row.Tls,
                _papers
            )}} } } }
            {{(row.IsAlone ? "" : $"      - 127.0.0.1:{Another}")}}

            """;

    private string NginxText(BackendCase row)
    {
        var pem = row.Paper is null ? null : _papers.PathOf(row.Paper);
        return $$"""
            server {
              server_name {{ServiceOf(row)}};
              listen 127.0.0.1:{{FirstServer + IndexOf(row)}} {{(pem is null ? "" : "ssl")}};
              {{(pem is null ? "" : $"ssl_certificate {pem}; ssl_certificate_key {pem};")}}
              {{Filling.Of(row.Server, _papers)}}
              location / { return 200 "$ssl_protocol|$ssl_session_reused|$ssl_alpn_protocol|$ssl_client_s_dn|$ssl_server_name"; }
            }

            """;
    }

    private string HaproxyText(BackendCase row) =>
        $"""
            frontend server-{IndexOf(row)}
              bind 127.0.0.1:{FirstServer + IndexOf(row)} {(
                row.Paper is { } paper ? $"ssl crt {_papers.PathOf(paper)}" : ""
            )} {Filling.Of(row.Server, _papers)}
              http-request return status 200 content-type text/plain lf-string "%[ssl_fc_protocol]|%[ssl_fc_is_resumed]|%[ssl_fc_alpn]|%[ssl_c_s_dn]|%[ssl_fc_sni]"

            """;
}
