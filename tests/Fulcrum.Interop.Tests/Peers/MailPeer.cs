using System.Net;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Interop.Tests.Peers;

/// <summary>
/// aiosmtpd at port 25 of 127.0.0.1, which forgets all mail. Debian's real mail servers exclude each other, and so
/// the one that a developer may have.
/// </summary>
public sealed class MailPeer : Peer
{
    private MailPeer(NetworkNamespace home)
        : base("aiosmtpd", home) { }

    public static async Task<MailPeer> Start(NetworkNamespace home)
    {
        var program = Require.Tool("aiosmtpd");
        var peer = new MailPeer(home);
        await peer.StartAsync(program, ["-n", "-d", "-l", "127.0.0.1:25", "-c", "aiosmtpd.handlers.Sink"]);
        return peer;
    }

    protected override Task<bool> IsReady() => Ports.Accepts(Home, new(IPAddress.Loopback, 25));
}
