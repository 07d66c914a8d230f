using System.Net;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.TestKit.Peers;

/// <summary>nginx in the foreground, one process. As a backend it answers every request with its label.</summary>
public sealed class NginxPeer : Peer
{
    private readonly IPEndPoint _listen;

    private NginxPeer(NetworkNamespace? home, IPEndPoint listen)
        : base($"nginx on {listen}", home) => _listen = listen;

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint => _listen;

    /// <summary>A backend: status 200, the label as the body and in the header <c>X-Backend</c>, connections kept alive.</summary>
    public static Task<NginxPeer> StartBackend(NetworkNamespace? home, IPEndPoint listen, string label) =>
        Start(
            home,
            listen,
            $$"""
            server {
              listen {{listen}} reuseport backlog=4096;
              keepalive_requests 1000000;
              add_header X-Backend {{label}} always;
              location / { return 200 "{{label}}"; }
            }
            """
        );

    /// <summary>nginx with <paramref name="http"/> as the content of its <c>http</c> block; ready when <paramref name="listen"/> accepts.</summary>
    public static async Task<NginxPeer> Start(NetworkNamespace? home, IPEndPoint listen, string http)
    {
        var program = Require.Tool("nginx");
        var peer = new NginxPeer(home, listen);
        var folder = peer.Folder.FullName;
        var file = peer.Folder.Write(
            "nginx.conf",
            $$"""
            daemon off;
            master_process off;
            pid {{folder}}/pid;
            error_log stderr;
            events { worker_connections 8192; }
            http {
              access_log off;
              client_body_temp_path {{folder}};
              proxy_temp_path {{folder}};
              fastcgi_temp_path {{folder}};
              uwsgi_temp_path {{folder}};
              scgi_temp_path {{folder}};
              {{http}}
            }
            """
        );
        await peer.StartAsync(program, ["-c", file, "-p", folder, "-e", "stderr"]);
        return peer;
    }

    protected override Task<bool> IsReady() => Ports.Accepts(Home, _listen);
}
