using Fulcrum.Interop.Tests.Peers;
using Fulcrum.Model.Checks;
using Fulcrum.TestKit.Namespaces;
using static Fulcrum.Interop.Tests.Finding;

namespace Fulcrum.Interop.Tests;

public sealed class DnsTests(DnsTests.Server server) : IClassFixture<DnsTests.Server>
{
    private const int Port = 53;

    [Theory]
    [InlineData("A", "one.example.com", "192.0.2.1")]
    [InlineData("A", "ONE.example.com.", "192.0.2.1")]
    [InlineData("AAAA", "one.example.com", "2001:db8::1")]
    [InlineData("CAA", "example.com", "0 issue \"ca.example.net\"")]
    [InlineData("CNAME", "www.example.com", "web.example.com")]
    [InlineData("MX", "example.com", "10 mail.example.com")]
    [InlineData("NS", "example.com", "ns1.example.com, ns2.example.com")]
    [InlineData("PTR", "1.2.0.192.in-addr.arpa", "one.example.com")]
    [InlineData("SOA", "example.com", "ns1.example.com admin.example.com 7 3600 600 86400 60")]
    [InlineData("SRV", "_http._tcp.example.com", "1 2 8080 one.example.com")]
    [InlineData("TXT", "text.example.com", "v=spf1 -all")]
    public async Task Each_type_is_read_over_datagrams_and_streams(string type, string name, string data)
    {
        var wanted = data.Split(", ");
        foreach (var overTcp in new[] { false, true })
        {
            var probe = new DnsProbe
            {
                Query = name,
                Type = type,
                OverTcp = overTcp,
                Expect = [.. wanted],
                Only = true,
            };
            Assert.Equal(Healthy(data), Sorted(await server.Ask(probe, Port)));
        }
    }

    [Theory]
    [InlineData("A", "www.example.com", "192.0.2.1")]
    [InlineData("AAAA", "www.example.com", "2001:db8::1")]
    public async Task Aliases_are_followed_within_the_answer(string type, string name, string data) =>
        Assert.Equal(
            Healthy(data),
            await server.Ask(
                new DnsProbe
                {
                    Query = name,
                    Type = type,
                    Expect = [data],
                },
                Port
            )
        );

    [Theory]
    [InlineData("192.0.2.1", false, true, "192.0.2.1, 192.0.2.2")]
    [InlineData("192.0.2.2,192.0.2.1", true, true, "192.0.2.1, 192.0.2.2")]
    [InlineData("192.0.2.1", true, false, "there are other answers, too: 192.0.2.1, 192.0.2.2")]
    [InlineData("192.0.2.3", false, false, "192.0.2.3 is not among the answers: 192.0.2.1, 192.0.2.2")]
    public async Task Answers_are_a_set(string expect, bool only, bool isHealthy, string reason)
    {
        var probe = new DnsProbe
        {
            Query = "two.example.com",
            Expect = [.. expect.Split(',')],
            Only = only,
        };
        Assert.Equal(isHealthy ? Healthy(reason) : Unhealthy(reason), Sorted(await server.Ask(probe, Port)));
    }

    [Theory]
    [InlineData("A", "nobody.example.com", "NXDOMAIN")]
    [InlineData("MX", "one.example.com", "no answer of type MX")]
    [InlineData("A", "www.example.net", "REFUSED")]
    [InlineData("A", "away.example.com", "no answer of type A")]
    [InlineData("A", "loop1.example.com", "SERVFAIL")]
    public async Task What_is_no_answer_is_told(string type, string name, string reason) =>
        Assert.Equal(Unhealthy(reason), await server.Ask(new DnsProbe { Query = name, Type = type }, Port));

    [Fact]
    public async Task Texts_in_pieces_are_joined()
    {
        var text = new string('a', 200) + new string('b', 100);
        var probe = new DnsProbe
        {
            Query = "long.example.com",
            Type = "TXT",
            Expect = [text],
        };
        Assert.Equal(Healthy(text), await server.Ask(probe, Port));
    }

    [Fact]
    public async Task What_does_not_fit_into_a_datagram_is_asked_over_a_stream()
    {
        var texts = Enumerable.Range(1, BindPeer.ManyTexts).Select(i => $"{i} {new string('x', 200)}");
        var probe = new DnsProbe
        {
            Query = "many.example.com",
            Type = "TXT",
            Expect = [.. texts],
            Only = true,
        };
        var finding = await server.Ask(probe, Port);
        Assert.Equal(Engine.Ports.Verdict.Healthy, finding.Verdict);
        Assert.EndsWith(", ...", finding.Reason, StringComparison.Ordinal);

        // It did go over a stream: where streams are refused, that is what is told.
        var home = await server.Home();
        home.Run("nft", "add table inet refused");
        home.Run("nft", "add chain inet refused in { type filter hook input priority 0; }");
        home.Run("nft", "add rule inet refused in tcp dport 53 reject with tcp reset");
        try
        {
            Assert.Equal(Unhealthy("connection refused"), await server.Ask(probe, Port));
        }
        finally
        {
            home.Run("nft", "delete table inet refused");
        }
    }

    [Theory]
    [InlineData(false, "port unreachable")]
    [InlineData(true, "connection refused")]
    public async Task A_closed_port_is_told(bool overTcp, string reason) =>
        Assert.Equal(
            Unhealthy(reason),
            await server.Ask(new DnsProbe { Query = "one.example.com", OverTcp = overTcp }, 54)
        );

    // The server turns the order round.
    private static Finding Sorted(Finding finding)
    {
        var colon = finding.Reason.LastIndexOf(": ", StringComparison.Ordinal);
        var data = finding.Reason[(colon < 0 ? 0 : colon + 2)..];
        var sorted = string.Join(", ", data.Split(", ").Order(StringComparer.Ordinal));
        return finding with { Reason = finding.Reason[..^data.Length] + sorted };
    }

    public sealed class Server : Shared<BindPeer>
    {
        protected override Task<BindPeer> Start(NetworkNamespace home) => BindPeer.Start(home);
    }
}
