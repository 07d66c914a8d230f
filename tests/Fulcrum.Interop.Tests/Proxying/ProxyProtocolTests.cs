using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Fulcrum.TestKit;

namespace Fulcrum.Interop.Tests.Proxying;

/// <summary>The PROXY protocol as others speak it, from the real program and to it.</summary>
public sealed class ProxyProtocolTests(ProxyChain chain) : IClassFixture<ProxyChain>
{
    [Theory]
    [InlineData(ProxyChain.V1)]
    [InlineData(ProxyChain.V2)]
    [InlineData(ProxyChain.NginxV1)]
    [InlineData(ProxyChain.NginxV2)]
    public async Task Who_is_behind_hears_who_the_client_is_and_where_it_went(int port)
    {
        var four = await Ask(ProxyChain.Client, $"http://127.0.0.1:{port}/");
        Assert.StartsWith($"{ProxyChain.Client}:", four.Caller, StringComparison.Ordinal);
        Assert.Equal((four.Caller, $"127.0.0.1:{port}", "", ""), (four.Source, four.Target, four.Authority, four.Id));
        var six = await Ask(ProxyChain.Client6, $"http://[{ProxyChain.Home6}]:{port}/");
        Assert.StartsWith($"{ProxyChain.Client6}:", six.Caller, StringComparison.Ordinal);
        Assert.Equal((six.Caller, $"{ProxyChain.Home6}:{port}"), (six.Source, six.Target));
    }

    [Fact]
    public async Task Who_is_behind_hears_the_server_name_and_a_name_of_the_session_that_no_other_has()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        // Two loops: each has sessions of its own.
        for (var i = 0; i < 16; i++)
        {
            var heard = await Ask(ProxyChain.Client, $"https://{ProxyChain.Name}:{ProxyChain.V2Tls}/");
            Assert.Equal(
                (heard.Caller, $"127.0.0.1:{ProxyChain.V2Tls}", ProxyChain.Name),
                (heard.Source, heard.Target, heard.Authority)
            );
            Assert.Matches("^[01]-\\d+-[0-9a-f]+$", heard.Id);
            Assert.True(names.Add(heard.Id), $"{heard.Id} came twice");
        }
        Assert.Equal(2, names.Select(name => name[0]).Distinct().Count());
    }

    [Theory]
    [InlineData(ProxyChain.FrontV1, false)]
    [InlineData(ProxyChain.FrontV2, true)]
    public async Task Who_the_proxy_in_front_speaks_of_is_the_client(int port, bool tellsId)
    {
        var four = await Ask(ProxyChain.Client, $"http://127.0.0.1:{port}/");
        Assert.StartsWith($"{ProxyChain.Client}:", four.Caller, StringComparison.Ordinal);
        Assert.Equal((four.Caller, $"127.0.0.1:{port}"), (four.Source, four.Target));
        Assert.NotEqual("", four.FrontId);
        Assert.Equal(tellsId, four.Id == four.FrontId);
        await Logged(four.Caller);

        var six = await Ask(ProxyChain.Client6, $"http://[{ProxyChain.Home6}]:{port}/");
        Assert.Equal((six.Caller, $"{ProxyChain.Home6}:{port}"), (six.Source, six.Target));
        await Logged(
            six.Caller.Replace($"{ProxyChain.Client6}:", $"[{ProxyChain.Client6}]:", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_the_proxy_in_front_says_beside_is_told_onward()
    {
        var heard = await Ask(ProxyChain.Client, $"https://{ProxyChain.Name}:{ProxyChain.FrontTls}/");
        Assert.Equal(
            (heard.Caller, $"127.0.0.1:{ProxyChain.FrontTls}", ProxyChain.Name, heard.FrontId),
            (heard.Source, heard.Target, heard.Authority, heard.Id)
        );
        Assert.NotEqual("", heard.FrontId);
    }

    [Theory]
    [InlineData(ProxyChain.FrontV1)]
    [InlineData(ProxyChain.FrontV2)]
    public async Task Whom_the_rules_deny_does_not_come_in_behind_a_proxy_that_may(int port)
    {
        var answer = await chain.Get(ProxyChain.Denied, $"http://127.0.0.1:{port}/");
        // Which of the two depends on whether the proxy has sent the request already.
        Assert.Matches("50[23] (Bad Gateway|Service Unavailable)", answer);
        Assert.DoesNotContain('>' + $"127.0.0.1:{port}>", answer, StringComparison.Ordinal);
        await Ask(ProxyChain.Client, $"http://127.0.0.1:{port}/");
    }

    /// <summary>A check speaks for nobody (LOCAL): the connection's own addresses count.</summary>
    [Fact]
    public async Task A_check_of_the_proxy_in_front_passes()
    {
        var front = $"http://127.0.0.1:{ProxyChain.FrontChecked}/";
        await chain.Home();
        await Wait.Until(
            () => File.Exists(chain.AccessLog) && File.ReadAllLines(chain.AccessLog).Count(IsOfCheck) > 2,
            "checks in the access log"
        );
        // The proxy is there before us, and one failed check is enough for it; only good ones end that.
        await Wait.Until(
            async () => !(await chain.Get(ProxyChain.Client, front)).Contains("503", StringComparison.Ordinal),
            "the proxy to take us for healthy"
        );
        var heard = await Ask(ProxyChain.Client, front);
        Assert.Equal(heard.Caller, heard.Source);
    }

    [Fact]
    public async Task The_list_of_sessions_speaks_of_the_client()
    {
        var home = await chain.Home();
        using var socket = home.OpenSocket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(ProxyChain.Client), 0));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, ProxyChain.FrontStream));
        var list = "";
        await Wait.Until(
            () =>
            {
                list = chain.Daemon.Command("get", "sessions", "--service", "accept", "-o", "json").Output;
                return list.StartsWith('{') && JsonNode.Parse(list)!["items"]!.AsArray().Count > 0;
            },
            "the session"
        );
        var session = Assert.Single(JsonNode.Parse(list)!["items"]!.AsArray())!;
        Assert.Equal($"{socket.LocalEndPoint}", (string?)session["client"]);
        await socket.SendAsync("GET / HTTP/1.0\r\n\r\n"u8.ToArray());
        var buffer = new byte[4096];
        var count = await Wait.For(socket.ReceiveAsync(buffer), "an answer");
        Assert.Contains(
            $"{socket.LocalEndPoint}>127.0.0.1:{ProxyChain.FrontStream}>",
            Encoding.ASCII.GetString(buffer, 0, count),
            StringComparison.Ordinal
        );
    }

    private static bool IsOfCheck(string line) => ClientOf(line).StartsWith("127.0.0.1:", StringComparison.Ordinal);

    private Task Logged(string client) =>
        Wait.Until(
            () =>
                File.Exists(chain.AccessLog)
                && File.ReadAllLines(chain.AccessLog).Any(line => ClientOf(line) == client),
            $"{client} in the access log"
        );

    // Who reads while lines are written may see the parts of one as two.
    private static string ClientOf(string line) =>
        line.StartsWith('{') && line.EndsWith('}') ? (string?)JsonNode.Parse(line)!["client"] ?? "" : "";

    private async Task<Heard> Ask(string from, string url)
    {
        var answer = (await chain.Get(from, url)).Split('|');
        Assert.True(answer.Length == 3, string.Join('|', answer));
        var words = answer[0].Split('>');
        Assert.True(words.Length == 4, answer[0]);
        return new(words[0], words[1], words[2].Trim('-'), words[3].Trim('-'), answer[1], answer[2]);
    }

    /// <summary>What the one behind has heard, and what the client knows.</summary>
    private sealed record Heard(
        string Source,
        string Target,
        string Authority,
        string Id,
        string Caller,
        string FrontId
    );
}
