using System.Net;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.TestKit.Peers;

/// <summary>dnsmasq as an authoritative answerer: knows what it is told and asks nobody.</summary>
public sealed class DnsmasqPeer : Peer
{
    /// <summary>A name that every instance answers with 127.0.0.1: readiness is asked by it.</summary>
    public const string ReadyName = "ready.test";

    private readonly IPEndPoint _listen;

    private DnsmasqPeer(NetworkNamespace? home, IPEndPoint listen)
        : base($"dnsmasq on {listen}", home) => _listen = listen;

    /// <summary>
    /// dnsmasq with further options: <c>--address=/www.test/192.0.2.80</c>,
    /// <c>--srv-host=_http._tcp.test,a.test,8080</c>, <c>--txt-record=who.test,b1</c> …
    /// </summary>
    public static async Task<DnsmasqPeer> Start(NetworkNamespace? home, IPEndPoint listen, params string[] options)
    {
        var program = Require.Tool("dnsmasq");
        var peer = new DnsmasqPeer(home, listen);
        await peer.StartAsync(
            program,
            [
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--no-resolv",
                "--no-hosts",
                "--no-daemon",
                "--bind-interfaces",
                "--user=root",
                $"--pid-file={peer.Folder.PathOf("pid")}",
                $"--listen-address={listen.Address}",
                $"--port={listen.Port}",
                $"--address=/{ReadyName}/127.0.0.1",
                .. options,
            ]
        );
        return peer;
    }

    protected override async Task<bool> IsReady()
    {
        var answer = await DnsClient.Ask(Home, _listen, ReadyName, DnsType.A, TimeSpan.FromMilliseconds(250));
        return answer.Message is { Answers: ["127.0.0.1"] };
    }
}
