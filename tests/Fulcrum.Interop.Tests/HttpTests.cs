using Fulcrum.Model.Checks;
using Fulcrum.Model.Values;
using static Fulcrum.Interop.Tests.Finding;

namespace Fulcrum.Interop.Tests;

public sealed class HttpTests(WebServer server) : IClassFixture<WebServer>
{
    private static readonly (HttpProbeVersion Version, int Port)[] Ways =
    [
        (HttpProbeVersion.Http1, WebServer.Plain),
        (HttpProbeVersion.Http1, WebServer.Tls),
        (HttpProbeVersion.Http2, WebServer.Http2Plain),
        (HttpProbeVersion.Http2, WebServer.Tls),
    ];

    [Theory]
    [InlineData("GET", "/", null, null, true, "status 200")]
    [InlineData("HEAD", "/", null, null, true, "status 200")]
    [InlineData("HEAD", "/long.html", null, null, true, "status 200")]
    [InlineData("GET", "/empty", null, null, true, "status 204")]
    [InlineData("GET", "/moved", null, null, true, "status 302")]
    [InlineData("GET", "/moved", "200", null, false, "status 302")]
    [InlineData("GET", "/forbidden", null, null, false, "status 403")]
    [InlineData("GET", "/forbidden", "400-403", null, true, "status 403")]
    [InlineData("GET", "/busy", null, null, false, "status 503")]
    [InlineData("GET", "/nowhere", null, null, false, "status 404")]
    [InlineData("GET", "/", null, "GET for shop.example.com: ready", true, "status 200")]
    [InlineData("GET", "/", null, "~^ready", false, "the body is not as expected, ~^ready")]
    [InlineData("GET", "/", null, "~ready", true, "status 200")]
    [InlineData("GET", "/broken", null, "~ready", false, "status 500")]
    [InlineData("GET", "/agent", null, "fulcrum", true, "status 200")]
    [InlineData("GET", "/page.html", null, "~ready: \\d+", true, "status 200")]
    [InlineData("GET", "/page.html", null, "ready", false, "the body is not as expected, ready")]
    [InlineData("GET", "/long.html", null, "first", true, "status 200")]
    [InlineData("GET", "/long.html", null, "~last", false, "the body is not as expected, ~last")]
    public async Task Each_version_with_and_without_TLS_is_judged_alike(
        string method,
        string path,
        string? codes,
        string? expect,
        bool isHealthy,
        string reason
    )
    {
        foreach (var (version, port) in Ways)
        {
            var probe = new HttpProbe
            {
                Version = version,
                Method = method,
                Path = path,
                Host = WebServer.Name,
                Codes = codes is null ? [] : [Range(codes)],
                Expect = expect is null ? null : Pattern(expect),
                Tls = port == WebServer.Tls ? server.Trusting() : null,
            };
            var finding = await server.Ask(probe, port);
            Assert.Equal((version, port, isHealthy ? Healthy(reason) : Unhealthy(reason)), (version, port, finding));
        }
    }

    [Theory]
    [InlineData(HttpProbeVersion.Http1, WebServer.Plain, "closed before the answer was complete")]
    [InlineData(HttpProbeVersion.Http1, WebServer.Http2Plain, "closed before the answer was complete")]
    [InlineData(HttpProbeVersion.Http2, WebServer.Plain, "the server speaks HTTP/1")]
    [InlineData(HttpProbeVersion.Http2, WebServer.Http2Plain, "stream reset: PROTOCOL_ERROR")]
    [InlineData(HttpProbeVersion.Http1, WebServer.Tls, "status 400")]
    [InlineData(HttpProbeVersion.Http1, 4, "connection refused")]
    public async Task What_is_no_answer_is_told(HttpProbeVersion version, int port, string reason)
    {
        var probe = new HttpProbe { Version = version, Path = "/hangs-up" };
        Assert.Equal(Unhealthy(reason), await server.Ask(probe, port));
    }

    private static PortRange Range(string codes)
    {
        var ends = codes.Split('-').Select(int.Parse).ToArray();
        return new(ends[0], ends[^1]);
    }

    private static TextPattern Pattern(string text) =>
        text[0] == '~' ? new(TextPatternKind.Expression, text[1..]) : new(TextPatternKind.Exact, text);
}
