using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Tests.Tls;
using Fulcrum.Model.Checks;
using Fulcrum.TestKit;

namespace Fulcrum.Health.Tests.Adversaries;

/// <summary>What servers do wrong on a stream, and what is found: verdict, reason, and the very millisecond.</summary>
public sealed class StreamAdversaryTests(TlsFixture tls) : IClassFixture<TlsFixture>
{
    private const string Ok = @"HTTP/1.1 200 OK\r\n";
    private const string Settings = "hex 000000040000000000";

    /// <summary>Probe, script, whether it is healthy (null: nobody knows), reason, milliseconds.</summary>
    public static TheoryData<string, string, bool?, string, int> Table { get; } =
        new()
        {
            // Silent in each phase: one deadline over all of them.
            { "tls", "silent", false, "timed out in the TLS handshake", 2500 },
            { "tcp-expect", "silent", false, "timed out waiting for an answer", 2500 },
            { "tcp-expect", "hear | say PO | silent", false, "timed out waiting for an answer", 2500 },
            { "tcp-pattern", "say ready | silent", false, "timed out waiting for an answer", 2500 },
            { "http", "silent", false, "timed out waiting for an answer", 2500 },
            { "http", $"hear | say {Ok} | silent", false, "timed out waiting for an answer", 2500 },
            {
                "http-body",
                $@"hear | say {Ok}\r\nall | silent",
                false,
                "timed out waiting for the rest of the answer",
                2500
            },
            { "https", "hear | hex 16030300 | silent", false, "timed out in the TLS handshake", 2500 },
            { "https", "tls | hear | silent", false, "timed out waiting for an answer", 2500 },
            {
                "https-body",
                $@"tls | hear | say {Ok}\r\nall | silent",
                false,
                "timed out waiting for the rest of the answer",
                2500
            },
            { "http2", $"hear | {Settings} | silent", false, "timed out waiting for an answer", 2500 },
            {
                "grpc",
                $"hear | {Settings} | hex 000020010400 | silent",
                false,
                "timed out waiting for an answer",
                2500
            },
            { "dns-tcp", "hear | hex 00 | silent", false, "timed out waiting for an answer", 2500 },
            { "dns-tcp", "hear | hex 0020 1234 | silent", false, "timed out waiting for an answer", 2500 },
            { "mysql", "hex 4a0000 | silent", false, "timed out waiting for a greeting", 2500 },
            { "postgresql", "hear | hex 52000000 | silent", false, "timed out waiting for a greeting", 2500 },
            { "redis", "hear | say +PO | silent", false, "timed out waiting for a greeting", 2500 },
            { "smtp", @"say 220-hello\r\n220 | silent", false, "timed out waiting for a greeting", 2500 },
            { "smtp", @"say 220 hello\r\n | hear | silent", false, "timed out waiting for a greeting", 2500 },
            { "ldap", "hear | hex 300c02 | silent", false, "timed out waiting for a greeting", 2500 },
            { "agent", "say up 5 | silent", false, "timed out waiting for the agent's reply", 2500 },
            // A byte a second.
            { "tcp-expect", "drip PONG", false, "timed out waiting for an answer", 2500 },
            { "http", $"hear | drip {Ok}", false, "timed out waiting for an answer", 2500 },
            { "redis", "hear | drip +PONG", false, "timed out waiting for a greeting", 2500 },
            { "redis", @"hear | say +PO | drip NG\r\n | silent", false, "timed out waiting for a greeting", 2500 },
            { "agent", @"drip up\n", true, "the agent says up", 2000 },
            // Without end.
            { "tcp-expect", "endless PONK", false, "the answer is not as expected, PONG", 0 },
            { "tcp-pattern", "endless ready", false, "the answer is not as expected, ~ready [0-9]+", 0 },
            { "http", $@"hear | say {Ok}\r\n | endless x", true, "status 200", 0 },
            { "http-body", $@"hear | say {Ok}\r\n | endless x", false, "the body is not as expected, ~all well", 0 },
            { "http", $"hear | say {Ok} | endless x", false, "the head is longer than 16384 bytes", 0 },
            { "http", $@"hear | say {Ok} | endless a: b\r\n", false, "the head is longer than 16384 bytes", 0 },
            {
                "http",
                @"hear | endless HTTP/1.1 100 Continue\r\n\r\n",
                false,
                "the head is longer than 16384 bytes",
                0
            },
            {
                "http-body",
                $@"hear | say {Ok}Transfer-Encoding: chunked\r\n\r\n0\r\n | endless a: b\r\n",
                false,
                "the head is longer than 16384 bytes",
                0
            },
            {
                "http-body",
                $@"hear | say {Ok}Transfer-Encoding: chunked\r\n\r\n | endless 1\r\nx\r\n",
                false,
                "the body is not as expected, ~all well",
                0
            },
            {
                "https-body",
                $@"tls | hear | say {Ok}\r\n | endless x",
                false,
                "the body is not as expected, ~all well",
                0
            },
            {
                "http2",
                $"hear | {Settings} | endless {@"\0\0\x08\x06\0\0\0\0\0pingping"}",
                false,
                "64 frames without progress",
                0
            },
            { "smtp", @"endless 220-hello\r\n", false, "more than 128 lines", 0 },
            { "smtp", @"endless 220", false, "more than 1024 bytes without end", 0 },
            { "redis", "hear | say + | endless x", false, "more than 1024 bytes without end", 0 },
            { "mysql", @"endless \x4a", false, "not a MySQL server", 0 },
            { "postgresql", @"hear | endless N\0\0\0\x08abc\0", false, "more than 64 messages", 0 },
            { "ldap", @"hear | endless \x30", false, "not a directory server", 0 },
            { "agent", "endless up ", false, "no reply of an agent: more than 1024 bytes", 0 },
            // A reset.
            { "tls", "reset", false, "connection reset", 0 },
            { "tls", "hear | reset", false, "connection reset", 0 },
            { "tls", "hear | hex 160303 | reset", false, "connection reset", 0 },
            { "tcp-expect", "hear | reset", false, "connection reset", 0 },
            { "http", "hear | reset", false, "connection reset", 0 },
            { "https", "tls | hear | reset", false, "connection reset", 0 },
            { "grpc", $"hear | {Settings} | hear | reset", false, "connection reset", 0 },
            { "dns-tcp", "hear | hex 00 | reset", false, "connection reset", 0 },
            { "smtp", @"say 220 hello\r\n | hear | reset", false, "connection reset", 0 },
            // An end at once, half an end, an end in the middle.
            { "tls", "hear | close", false, "closed during the handshake", 0 },
            { "tls", "hear | fin | silent", false, "closed during the handshake", 0 },
            { "tcp-expect", "hear | close", false, "closed without an answer", 0 },
            { "tcp-expect", "hear | fin | silent", false, "closed without an answer", 0 },
            { "tcp-expect", "hear | say PON | close", false, "the answer is not as expected, PONG", 0 },
            { "http", "hear | close", false, "closed before the answer was complete", 0 },
            { "http", "hear | fin | silent", false, "closed before the answer was complete", 0 },
            {
                "http-body",
                $@"hear | say {Ok}Content-Length: 9\r\n\r\nall | close",
                false,
                "closed before the answer was complete",
                0
            },
            { "http-body", $@"hear | say {Ok}\r\nall well | fin | silent", true, "status 200", 0 },
            { "https", "tls | hear | close", false, "closed before the answer was complete", 0 },
            { "http2", $"hear | {Settings} | hear | close", false, "closed before the answer was complete", 0 },
            { "dns-tcp", "hear | hex 0020 1234 | close", false, "closed before the answer was complete", 0 },
            { "mysql", "hex 4a0000 | fin | silent", false, "closed before the answer was complete", 0 },
            { "postgresql", "hear | close", false, "closed before the answer was complete", 0 },
            { "redis", "hear | say +PONG | close", false, "closed before the answer was complete", 0 },
            { "smtp", "fin | silent", false, "closed before the answer was complete", 0 },
            { "ldap", "hear | close", false, "closed before the answer was complete", 0 },
            { "agent", "close", false, "no reply of an agent: it says nothing", 0 },
            { "agent", "say 50% | close", true, "the agent says 50 %", 0 },
            // Something else is there.
            {
                "https",
                $@"hear | say {Ok}\r\n | silent",
                false,
                "the server speaks no TLS (first bytes: HTTP/1.1 200 OK)",
                0
            },
            { "http", "hear | hex 15030300020228 | silent", false, "timed out waiting for an answer", 2500 },
            { "http2", $@"hear | say {Ok}\r\n | silent", false, "the server speaks HTTP/1", 0 },
            { "grpcs", "tls | hear | silent", false, "the server does not agree to h2", 0 },
            { "redis", @"say 220 hello\r\n | silent", false, "not a Redis server", 0 },
            { "smtp", @"say +PONG\r\n | silent", false, "not a mail server", 0 },
            // In single bytes, and all at once with something behind.
            { "tcp-expect", "hear | bytes PONG | silent", true, "healthy", 0 },
            { "tcp-expect", "hear | say PONG and so on | endless x", true, "healthy", 0 },
            { "tcp-pattern", "bytes is it ready 17 | silent", true, "healthy", 0 },
            { "http", $@"hear | bytes {Ok}Content-Length: 0\r\n\r\n | silent", true, "status 200", 0 },
            {
                "http",
                $@"hear | say {Ok}Content-Length: 0\r\n\r\nHTTP/1.1 500 No\r\n\r\n | silent",
                true,
                "status 200",
                0
            },
            {
                "http",
                $@"hear | say {Ok}Transfer-Encoding: chunked\r\n\r\ngarbage\r\n | silent",
                true,
                "status 200",
                0
            },
            {
                "http-body",
                $@"hear | bytes {Ok}Transfer-Encoding: chunked\r\n\r\n4\r\nall \r\n4\r\nwell\r\n0\r\n\r\n | silent",
                true,
                "status 200",
                0
            },
            {
                "https-body",
                $@"tls | hear | bytes {Ok}Content-Length: 8\r\n\r\nall well | silent",
                true,
                "status 200",
                0
            },
            { "smtp", @"bytes 220 hello\r\n | hear | bytes 250 hello\r\n | silent", true, "hello", 0 },
            { "redis", @"hear | say +PONG\r\n-ERR garbage\r\n | silent", true, "PONG", 0 },
            { "redis", @"hear | bytes +PONG\r\n | silent", true, "PONG", 0 },
            { "ldap", "hear | hex 300c02010161070a010004000400 ffffff | silent", true, "success", 0 },
            { "agent", @"bytes 75%\n | silent", true, "the agent says 75 %", 0 },
            // Nothing is lost by what is said in parting.
            {
                "http2",
                $"hear | {Settings} | hear | hex 000001 01 05 00000001 88 | hear | silent",
                true,
                "status 200",
                0
            },
            // Who only wants to say something, or nothing, need not be answered.
            { "tcp", "silent", true, "connected", 0 },
            { "tcp-send", "silent", true, "healthy", 0 },
        };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Over_tcp(string probe, string script, bool? good, string reason, int milliseconds)
    {
        using var rig = new ProberRig();
        await using var server = new StreamAdversary(script, rig.Time, certificate: tls["good"].Context);
        await Check(rig, server, probe, good, reason, milliseconds);
    }

    [Theory]
    [InlineData("http", "hear | silent", false, "timed out waiting for an answer", 2500)]
    [InlineData("http", @"hear | say HTTP/1.1 200 OK\r\n\r\n | silent", true, "status 200", 0)]
    [InlineData("http", "hear | fin | silent", false, "closed before the answer was complete", 0)]
    [InlineData("redis", @"hear | bytes +PONG\r\n | silent", true, "PONG", 0)]
    [InlineData("tls", "hear | silent", false, "timed out in the TLS handshake", 2500)]
    [InlineData("tcp", "silent", true, "connected", 0)]
    public async Task Over_a_unix_socket(string probe, string script, bool? good, string reason, int milliseconds)
    {
        using var directory = new TemporaryDirectory();
        using var rig = new ProberRig();
        var path = new UnixDomainSocketEndPoint(directory.PathOf("socket"));
        await using var server = new StreamAdversary(script, rig.Time, path);
        await Check(rig, server, probe, good, reason, milliseconds);
    }

    [Theory]
    [InlineData(301, "/")]
    [InlineData(302, "/")]
    [InlineData(308, "http://127.0.0.9/")]
    public async Task A_redirect_is_judged_and_not_followed(int code, string path)
    {
        using var rig = new ProberRig();
        await using var other = new StreamAdversary("silent", rig.Time);
        await using var server = new StreamAdversary(
            $@"hear | say HTTP/1.1 {code} Go\r\nLocation: http://{other.EndPoint}{path}\r\nContent-Length: 0\r\n\r\n | silent",
            rig.Time
        );
        await Check(rig, server, "http", true, $"status {code}", 0);
        Assert.Equal((1, 0), (server.Met, other.Met));
    }

    // Host names another server, and so does the target in one form or the other.
    [Theory]
    [InlineData("/", false)]
    [InlineData("/", true)]
    [InlineData("http://{0}/", false)]
    [InlineData("http://{0}/", true)]
    public async Task The_backend_is_asked_whomever_the_request_names(string path, bool proxyForm)
    {
        using var rig = new ProberRig();
        await using var other = new StreamAdversary("silent", rig.Time);
        await using var server = new StreamAdversary($@"hear | say {Ok}\r\n | silent", rig.Time);
        var named = other.EndPoint.ToString()!;
        var probe = new HttpProbe
        {
            Host = named,
            Path = path.Replace("{0}", named, StringComparison.Ordinal),
            ProxyForm = proxyForm,
        };
        var task = ProberRig.TaskFor(probe, server.EndPoint);
        await rig.Begin(task);
        Assert.Equal("status 200", (await rig.NewsOf(task, () => server.IsIdle)).Health.Reason);
        Assert.Equal((1, 0), (server.Met, other.Met));
    }

    private async Task Check(ProberRig rig, Adversary server, string probe, bool? good, string reason, int milliseconds)
    {
        var task = ProberRig.TaskFor(
            ProbeKinds.Of(probe, tls.Trusted with { ServerName = "shop.example.com" }),
            server.EndPoint
        );
        await rig.Begin(task);
        var news = await rig.NewsOf(task, () => server.IsIdle);
        var verdict =
            good is null ? Verdict.Unknown
            : good.Value ? Verdict.Healthy
            : Verdict.Unhealthy;
        Assert.Equal(
            (verdict, reason, milliseconds),
            (news.Health.Verdict, news.Health.Reason, (news.At - ProberRig.Tick).TotalMilliseconds)
        );
    }
}
