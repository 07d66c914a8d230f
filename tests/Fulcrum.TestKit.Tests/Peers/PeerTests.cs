using System.Net;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.TestKit.Tests.Peers;

public sealed class PeerTests
{
    [Fact]
    public async Task Haproxy_spreads_the_load_over_labelled_nginx_backends()
    {
        using var net = new Topology();
        var client = net.AddHost("client");
        var proxy = net.AddHost("proxy");
        var server = net.AddHost("server");
        var a = new IPEndPoint(server.Address, 8001);
        var b = new IPEndPoint(server.Address, 8002);
        await using var one = await NginxPeer.StartBackend(server.Namespace, a, "one");
        await using var two = await NginxPeer.StartBackend(server.Namespace, b, "two");
        var front = new IPEndPoint(proxy.Address, 80);
        await using var haproxy = await HaproxyPeer.Start(
            proxy.Namespace,
            front,
            $"""
            defaults
              mode http
              timeout connect 1s
              timeout client 10s
              timeout server 10s
            listen l
              bind {front}
              server a {a}
              server b {b}
            """
        );
        await using var load = HttpLoad.Start(
            client.Namespace,
            new HttpLoadOptions
            {
                Target = front,
                Connections = 4,
                RequestsPerConnection = 5,
                RequestsPerClient = 50,
            }
        );
        var report = await load.Completion();
        Assert.True(report.Failed == 0, report.ToString());
        Assert.Equal(200, report.Successes);
        Assert.Equal(100, report.ByLabel["one"]);
        Assert.Equal(100, report.ByLabel["two"]);
    }

    [Fact]
    public async Task A_killed_backend_shows_in_the_report_and_a_stopped_one_ends_by_itself()
    {
        using var home = NetworkNamespace.Create("killed");
        var end = new IPEndPoint(IPAddress.Loopback, 8001);
        await using var backend = await NginxPeer.StartBackend(home, end, "x");
        await using var load = HttpLoad.Start(home, new HttpLoadOptions { Target = end, Connections = 2 });
        await load.WaitForSuccesses(10);
        await backend.Kill();
        Assert.True(backend.HasExited);
        await Wait.Until(() => load.Report.CountOf(FailureKind.ConnectFailed) > 0, "refused connections");
        await load.Stop();

        await using var next = await NginxPeer.StartBackend(home, end, "y");
        Assert.Equal(0, await next.Stop());
    }

    [Fact]
    public async Task A_peer_that_cannot_start_shows_what_it_printed()
    {
        using var home = NetworkNamespace.Create("broken");
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            NginxPeer.Start(home, new IPEndPoint(IPAddress.Loopback, 80), "no_such_directive;")
        );
        Assert.Contains("no_such_directive", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dnsmasq_answers_addresses_texts_and_services()
    {
        using var home = NetworkNamespace.Create("dns");
        var end = new IPEndPoint(IPAddress.Loopback, 53);
        await using var dns = await DnsmasqPeer.Start(
            home,
            end,
            "--address=/www.test/192.0.2.80",
            "--address=/www.test/2001:db8::80",
            "--txt-record=who.test,me",
            "--srv-host=_http._tcp.test,a.test,8080,1,2"
        );
        Assert.Equal(["192.0.2.80"], await Ask("www.test", DnsType.A));
        Assert.Equal(["2001:db8::80"], await Ask("www.test", DnsType.Aaaa));
        Assert.Equal(["me"], await Ask("who.test", DnsType.Txt));
        Assert.Equal(["1 2 8080 a.test."], await Ask("_http._tcp.test", DnsType.Srv));

        async Task<IReadOnlyList<string>> Ask(string name, DnsType type)
        {
            var answer = await DnsClient.Ask(home, end, name, type, Wait.DefaultTimeout);
            Assert.Null(answer.Failure);
            return answer.Message!.Answers;
        }
    }
}
