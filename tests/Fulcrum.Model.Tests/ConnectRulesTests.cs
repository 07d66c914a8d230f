using System.Net;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Validation;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Tests;

/// <summary>What listeners and backends ask of each other.</summary>
public sealed class ConnectRulesTests
{
    private static readonly Listener Tcp = new() { Protocol = ListenerProtocol.Tcp, Ports = PortRange.Of(80) };
    private static readonly Listener Udp = new() { Protocol = ListenerProtocol.Udp, Ports = PortRange.Of(80) };
    private static readonly Listener Unix = new() { Protocol = ListenerProtocol.Unix, Path = "/run/a" };
    private static readonly Listener Messages = new() { Protocol = ListenerProtocol.UnixSeqpacket, Path = "/run/a" };
    private static readonly Backend Address = new() { Address = HostAddress.Of(IPAddress.Loopback), Port = 1 };
    private static readonly Backend Path = new() { Address = HostAddress.Of("/run/b") };

    [Theory]
    [InlineData(ConnectProtocol.Unix, true)]
    [InlineData(ConnectProtocol.UnixSeqpacket, true)]
    [InlineData(ConnectProtocol.Pipe, true)]
    [InlineData(ConnectProtocol.Exec, true)]
    [InlineData(ConnectProtocol.Tcp, false)]
    [InlineData(ConnectProtocol.Udp, false)]
    public void A_protocol_fits_where_the_backend_is(ConnectProtocol protocol, bool wantsPath)
    {
        var (fits, other) = wantsPath ? (Path, Address) : (Address, Path);
        Assert.DoesNotContain(Validate(Tcp, protocol, fits), finding => finding.Severity == Severity.Error);
        var finding = Assert.Single(Validate(Tcp, protocol, other), one => one.Severity == Severity.Error);
        Assert.Equal("upstreams.u.backends[0]", finding.Path.ToString());
    }

    [Fact]
    public void Where_bounds_are_lost_is_told_once_at_what_connects()
    {
        Assert.Equal("upstreams.u.connect", Lost(Tcp, ConnectProtocol.Udp, Address));
        Assert.Equal("upstreams.u.connect", Lost(Unix, ConnectProtocol.UnixSeqpacket, Path));
        Assert.Equal("upstreams.u.connect", Lost(Messages, ConnectProtocol.Unix, Path));
        Assert.Equal("upstreams.u.connect", Lost(Messages, ConnectProtocol.Exec, Path));
        Assert.Equal("upstreams.u.connect", Lost(Messages, null, Address));
        var own = Address with { Connect = new() { Protocol = ConnectProtocol.Udp } };
        Assert.Equal("upstreams.u.backends[1].connect", Lost(Tcp, null, Address, own));
        Assert.Null(Lost(Messages, null, Path));
        Assert.Null(Lost(Messages, ConnectProtocol.UnixSeqpacket, Path));
        Assert.Null(Lost(Udp, null, Address));
        Assert.Null(Lost(Tcp, null, Address));
        Assert.Null(Lost(Tcp, ConnectProtocol.WebSocket, Address));
    }

    [Fact]
    public void Lengths_keep_the_bounds() =>
        Assert.Empty(
            Validate(Tcp, new ConnectOptions { Protocol = ConnectProtocol.Udp, Framing = Framing.Length }, Address)
        );

    [Fact]
    public void Whoever_comes_by_a_path_has_no_port_and_no_address_to_give()
    {
        var portless = Address with { Port = null };
        Assert.Contains("has the port", Assert.Single(Validate(Unix, (ConnectProtocol?)null, portless)).Message);
        Assert.Empty(Validate(Tcp, (ConnectProtocol?)null, portless));
        var finding = Assert.Single(Validate(Unix, new ConnectOptions { Transparent = true }, Address));
        Assert.Equal("services.s.listen[0]", finding.Path.ToString());
        Assert.Contains("client's own address", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_listener_at_a_path_takes_nothing_that_needs_an_address()
    {
        Assert.Equal(
            ["services.s.listen[0].transparent", "services.s.listen[0].interface"],
            Validate(Unix with { Transparent = true, Interface = "eth0" }, (ConnectProtocol?)null, Address)
                .Select(finding => finding.Path.ToString())
        );
        Assert.Equal(
            "services.s.listen[0].mode",
            Assert
                .Single(Validate(Tcp with { Mode = UnixFileMode.UserRead }, (ConnectProtocol?)null, Address))
                .Path.ToString()
        );
    }

    private static string? Lost(Listener listener, ConnectProtocol? protocol, params Backend[] backends)
    {
        var findings = Validate(listener, protocol, backends);
        Assert.All(findings, finding => Assert.Equal(Severity.Warning, finding.Severity));
        return findings.SingleOrDefault()?.Path.ToString();
    }

    private static IReadOnlyList<Finding> Validate(
        Listener listener,
        ConnectProtocol? protocol,
        params Backend[] backends
    ) => Validate(listener, new ConnectOptions { Protocol = protocol }, backends);

    private static IReadOnlyList<Finding> Validate(Listener listener, ConnectOptions connect, params Backend[] backends)
    {
        var upstream = new Upstream
        {
            Name = "u",
            Connect = connect,
            Backends = [.. backends.Select((backend, index) => backend with { Name = $"b{index}" })],
        };
        // Two services that lead there: what is wrong with it is still one thing.
        var service = new Service
        {
            Name = "s",
            Listeners = [listener],
            Upstream = "u",
        };
        var routed = new Service
        {
            Name = "t",
            Listeners = [new() { Protocol = ListenerProtocol.Tcp, Ports = PortRange.Of(99) }],
            Routes = [new() { Action = new Model.Routing.Goto("l") }],
        };
        var snapshot = Snapshot.Empty with
        {
            Upstreams = Named<Upstream>.From([upstream]),
            Services = Named<Service>.From(listener.Protocol is ListenerProtocol.Tcp ? [service, routed] : [service]),
            RouteLists = Named<Model.Routing.RouteList>.From([
                new() { Name = "l", Routes = [new() { Action = new Model.Routing.ToUpstream("u") }] },
            ]),
        };
        return SnapshotValidator.Validate(snapshot);
    }
}
