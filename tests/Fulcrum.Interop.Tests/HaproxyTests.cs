using System.Net;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Values;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;
using static Fulcrum.Interop.Tests.Finding;

namespace Fulcrum.Interop.Tests;

public sealed class HaproxyTests(HaproxyTests.Server server) : IClassFixture<HaproxyTests.Server>
{
    private const int Wrapped = 80;
    private const int Http2 = 81;
    private const int NoServer = 82;
    private const int NoServerTcp = 83;
    private const int Named = 84;

    [Theory]
    [InlineData(Http2, HttpProbeVersion.Http2, true, "status 200")]
    [InlineData(Named, HttpProbeVersion.Http1, true, "status 200")]
    [InlineData(NoServer, HttpProbeVersion.Http1, false, "status 503")]
    [InlineData(NoServerTcp, HttpProbeVersion.Http1, false, "closed before the answer was complete")]
    [InlineData(Wrapped, HttpProbeVersion.Http1, false, "connection reset")]
    [InlineData(Wrapped, HttpProbeVersion.Http2, false, "connection reset")]
    public async Task What_a_proxy_does_is_told(int port, HttpProbeVersion version, bool isHealthy, string reason)
    {
        var finding = await server.Ask(new HttpProbe { Version = version, Host = "shop.example.com" }, port);
        Assert.Equal(isHealthy ? Healthy(reason) : Unhealthy(reason), finding);
    }

    /// <summary>A listener that wants the PROXY protocol (version 1) hears it as the first words of a probe.</summary>
    [Fact]
    public async Task What_is_sent_first_may_be_a_header_of_the_PROXY_protocol()
    {
        var probe = new TcpProbe
        {
            Send = "PROXY TCP4 192.0.2.1 192.0.2.2 1000 80\r\nGET / HTTP/1.0\r\n\r\n",
            Expect = new(TextPatternKind.Expression, "from 192\\.0\\.2\\.1"),
        };
        Assert.Equal(Healthy("healthy"), await server.Ask(probe, Wrapped));
    }

    [Fact]
    public async Task A_connection_alone_says_no_more_than_that_it_stood() =>
        Assert.Equal(Healthy("connected"), await server.Ask(new TcpProbe(), Wrapped));

    [Fact]
    public async Task A_request_in_the_form_for_proxies_goes_to_the_proxy_and_names_the_host()
    {
        var probe = new HttpProbe
        {
            Path = "/path?next=http://other.example.com/",
            Host = "shop.example.com",
            ProxyForm = true,
            Expect = new(TextPatternKind.Exact, "http://shop.example.com/path?next=http://other.example.com/"),
        };
        Assert.Equal(Healthy("status 200"), await server.Ask(probe, Http2));
    }

    public sealed class Server : Shared<HaproxyPeer>
    {
        protected override async Task<HaproxyPeer> Start(NetworkNamespace home)
        {
            var peer = await HaproxyPeer.Start(
                home,
                new(IPAddress.Loopback, Wrapped),
                $"""
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 5s
                  timeout server 5s
                frontend wrapped
                  bind 127.0.0.1:{Wrapped} accept-proxy
                  http-request return status 200 content-type text/plain lf-string "from %[src]"
                frontend http2
                  bind 127.0.0.1:{Http2}
                  http-request return status 200 content-type text/plain lf-string "%[url]"
                frontend named
                  bind 127.0.0.1:{Named}
                  http-request deny unless {"{ hdr(host) -i shop.example.com }"}
                  http-request return status 200
                listen empty
                  bind 127.0.0.1:{NoServer}
                listen empty-tcp
                  mode tcp
                  bind 127.0.0.1:{NoServerTcp}
                """
            );
            await Open(home, Http2, NoServer, NoServerTcp, Named);
            return peer;
        }
    }
}
