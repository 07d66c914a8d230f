using System.Net;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.TestKit.Peers;

/// <summary>HAProxy in the foreground: a proxy to compare with, or a speaker of the PROXY protocol.</summary>
public sealed class HaproxyPeer : Peer
{
    private readonly IPEndPoint _listen;

    private HaproxyPeer(NetworkNamespace? home, IPEndPoint listen)
        : base($"haproxy on {listen}", home) => _listen = listen;

    /// <summary>HAProxy with a whole configuration; ready when <paramref name="listen"/> accepts.</summary>
    public static async Task<HaproxyPeer> Start(NetworkNamespace? home, IPEndPoint listen, string configuration)
    {
        var program = Require.Tool("haproxy");
        var peer = new HaproxyPeer(home, listen);
        var file = peer.Folder.Write("haproxy.cfg", configuration.TrimEnd() + "\n");
        await peer.StartAsync(program, ["-db", "-f", file]);
        return peer;
    }

    protected override Task<bool> IsReady() => Ports.Accepts(Home, _listen);
}
