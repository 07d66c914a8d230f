using System.Net;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Interop.Tests.Peers;

/// <summary>Redis, without anything on disk.</summary>
public sealed class RedisPeer : Peer
{
    private RedisPeer(NetworkNamespace home)
        : base("redis", home) { }

    /// <summary>Its Unix socket.</summary>
    public string Path => Folder.PathOf("socket");

    /// <param name="options">Further options: <c>--requirepass x</c>.</param>
    public static async Task<RedisPeer> Start(NetworkNamespace home, IPEndPoint listen, params string[] options)
    {
        var program = Require.Tool("redis-server");
        var peer = new RedisPeer(home);
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

    // The last that it says, when its socket is there, too.
    protected override Task<bool> IsReady() => Task.FromResult(Log.Contains("ready to accept connections at"));
}
