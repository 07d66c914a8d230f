using Fulcrum.Engine.Deriving;
using Fulcrum.Model.Services;
using Fulcrum.Model.Stages;
using Fulcrum.Model.Tls;
using Fulcrum.Model.Upstreams;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests;

/// <summary>Where TLS may be spoken.</summary>
public sealed class TlsCapabilitiesTests
{
    private static readonly TlsTermination Shown = new() { Certificates = [new("a.pem", null, null)] };

    [Fact]
    public void Streams_may_be_secured_on_both_sides() =>
        Assert.Empty(Missing(ListenerProtocol.Tls, new() { Tls = new() }));

    [Theory]
    [InlineData(ConnectProtocol.Pipe)]
    [InlineData(ConnectProtocol.Exec)]
    public void What_reads_in_the_clear_may_be_led_to(ConnectProtocol protocol) =>
        Assert.Empty(Missing(ListenerProtocol.Tls, new() { Protocol = protocol }));

    [Theory]
    [InlineData(ConnectProtocol.Udp)]
    [InlineData(ConnectProtocol.UnixDatagram)]
    [InlineData(ConnectProtocol.UnixSeqpacket)]
    public void What_takes_messages_may_not(ConnectProtocol protocol) =>
        Assert.Equal(
            ["services.web"],
            Missing(ListenerProtocol.Tls, new() { Protocol = protocol, Framing = Framing.Length })
        );

    [Theory]
    [InlineData(ConnectProtocol.Udp)]
    [InlineData(ConnectProtocol.Pipe)]
    [InlineData(ConnectProtocol.Exec)]
    public void What_is_no_stream_socket_cannot_be_secured(ConnectProtocol protocol) =>
        Assert.Equal(
            ["upstreams.web.connect"],
            Missing(ListenerProtocol.Tcp, new() { Protocol = protocol, Tls = new() })
        );

    [Theory]
    [InlineData(ListenerProtocol.Udp)]
    [InlineData(ListenerProtocol.UnixSeqpacket)]
    public void Messages_of_clients_are_not_secured_towards_backends(ListenerProtocol protocol) =>
        Assert.Contains("services.web", Missing(protocol, new() { Protocol = ConnectProtocol.Tcp, Tls = new() }));

    [Fact]
    public void Copies_are_sent_in_the_clear_or_not_at_all()
    {
        var web = Web(Backend("10.0.0.1"));
        var asks = web with
        {
            Upstreams = web.Upstreams.With(web.Upstreams[0] with { Connect = new() { Tls = new() } }),
            Stages = web.Stages.With(new Stage { Name = "copy", Spec = new TeeStage("web") }),
        };
        Assert.Equal(["stages.copy"], Capabilities.Missing(asks).Select(finding => finding.Path.ToString()));
    }

    private static IEnumerable<string> Missing(ListenerProtocol protocol, ConnectOptions connect)
    {
        var web = Web(Backend("10.0.0.1"));
        var service = web.Services[0];
        var asks = web with
        {
            Services = web.Services.With(
                service with
                {
                    Listeners = [service.Listeners[0] with { Protocol = protocol }],
                    Tls = protocol == ListenerProtocol.Tls ? Shown : null,
                }
            ),
            Upstreams = web.Upstreams.With(web.Upstreams[0] with { Connect = connect }),
        };
        return Capabilities.Missing(asks).Select(finding => finding.Path.ToString());
    }
}
