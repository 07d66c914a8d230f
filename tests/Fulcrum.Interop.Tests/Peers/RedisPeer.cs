using System.Net;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Interop.Tests.Peers;

/// <summary>Redis, without anything on disk.</summary>
public sealed class RedisPeer : Peer
{
    private readonly IPEndPoint _listen;

    private RedisPeer(NetworkNamespace home, IPEndPoint listen)
        : base($"redis on {listen}", home) => _listen = listen;

    /// <summary>Its Unix socket.</summary>
    public string Path => Folder.PathOf("socket");

    /// <param name="options">Further options: <c>--requirepass x</c>.</param>
    public static async Task<RedisPeer> Start(NetworkNamespace home, IPEndPoint listen, params string[] options)
    {
        var program = Require.Tool("redis-server");
        var peer = new RedisPeer(home, listen);
        await peer.StartAsync(
            program,
            [
                "--bind",
                $"{listen.Address}",
                "--port",
                $"{listen.Port}",
                "--unixsocket",
                peer.Path,
                "--save",
                "",
                "--dir",
                peer.Folder.FullName,
                .. options,
            ]
        );
        return peer;
    }

    protected override Task<bool> IsReady() => Ports.Accepts(Home, _listen);
}
