using System.Net;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Interop.Tests.Peers;

/// <summary>OpenLDAP's slapd at port 389 of 127.0.0.1, without any entry.</summary>
public sealed class DirectoryPeer : Peer
{
    private DirectoryPeer(NetworkNamespace home)
        : base("slapd", home) { }

    /// <param name="configuration">Lines of <c>slapd.conf</c>.</param>
    public static async Task<DirectoryPeer> Start(NetworkNamespace home, string configuration)
    {
        var program = Require.Tool("slapd");
        var peer = new DirectoryPeer(home);
        var file = peer.Folder.Write("slapd.conf", $"pidfile {peer.Folder.PathOf("pid")}\n{configuration}\n");
        await peer.StartAsync(program, ["-h", "ldap://127.0.0.1:389", "-f", file, "-d", "0"]);
        return peer;
    }

    protected override Task<bool> IsReady() => Ports.Accepts(Home, new(IPAddress.Loopback, 389));
}
