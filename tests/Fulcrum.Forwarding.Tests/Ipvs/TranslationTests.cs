using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Ipvs.Translating;
using Fulcrum.Model.Upstreams;
using static Fulcrum.Forwarding.Tests.Tables;
using Forward = Fulcrum.Model.Services.Forwarding;

namespace Fulcrum.Forwarding.Tests.Ipvs;

/// <summary>What a service becomes in the kernel's table.</summary>
public sealed class TranslationTests : IDisposable
{
    private readonly PlaneFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(Forward.Nat, 8080, "10.0.0.1:8080 Masquerade 1")]
    [InlineData(Forward.Nat, null, "10.0.0.1:80 Masquerade 1")]
    [InlineData(Forward.Dsr, null, "10.0.0.1:80 DirectRoute 1")]
    [InlineData(Forward.Tunnel, null, "10.0.0.1:80 Tunnel 1 IpInIp 0 None")]
    public async Task Forwarding_says_how_a_server_is_reached(Forward forward, int? port, string server)
    {
        var lines = await LinesOf(
            Service(
                "web",
                Listener("tcp 192.0.2.1 80", forward, BalanceAlgorithm.RoundRobin, Backend("10.0.0.1", port))
            )
        );
        Assert.Equal(["tcp 192.0.2.1:80 <- " + server, "tcp 192.0.2.1:80 rr"], lines);
    }

    [Theory]
    [InlineData(BalanceAlgorithm.RoundRobin, HashKey.SourceAddress, "rr")]
    [InlineData(BalanceAlgorithm.WeightedRoundRobin, HashKey.SourceAddress, "wrr")]
    [InlineData(BalanceAlgorithm.LeastConnections, HashKey.SourceAddress, "wlc")]
    [InlineData(BalanceAlgorithm.UnweightedLeastConnections, HashKey.SourceAddress, "lc")]
    [InlineData(BalanceAlgorithm.SourceHash, HashKey.SourceAddress, "sh [Fallback]")]
    [InlineData(BalanceAlgorithm.SourceHash, HashKey.SourceAddressAndPort, "sh [Fallback, Port]")]
    [InlineData(BalanceAlgorithm.Maglev, HashKey.SourceAddress, "mh [Fallback]")]
    [InlineData(BalanceAlgorithm.Maglev, HashKey.SourceAddressAndPort, "mh [Fallback, Port]")]
    [InlineData(BalanceAlgorithm.DestinationHash, HashKey.SourceAddress, "dh")]
    [InlineData(BalanceAlgorithm.ShortestExpectedDelay, HashKey.SourceAddress, "sed")]
    [InlineData(BalanceAlgorithm.NeverQueue, HashKey.SourceAddress, "nq")]
    [InlineData(BalanceAlgorithm.First, HashKey.SourceAddress, "fo")]
    [InlineData(BalanceAlgorithm.Overflow, HashKey.SourceAddress, "ovf")]
    [InlineData(BalanceAlgorithm.Locality, HashKey.SourceAddress, "lblc")]
    [InlineData(BalanceAlgorithm.LocalityReplicated, HashKey.SourceAddress, "lblcr")]
    [InlineData(BalanceAlgorithm.PowerOfTwo, HashKey.SourceAddress, "twos")]
    public async Task Every_algorithm_has_the_kernels_name(BalanceAlgorithm algorithm, HashKey hash, string name)
    {
        var balance = new Balance { Algorithm = algorithm, Hash = hash };
        var lines = await LinesOf(Service("web", Listener("udp 192.0.2.1 53", Forward.Nat, balance, null)));
        Assert.Equal(["udp 192.0.2.1:53 " + name], lines);
    }

    [Fact]
    public async Task Who_is_written_first_is_the_heaviest_for_a_failover()
    {
        var lines = await LinesOf(
            Service(
                "web",
                Listener(
                    "tcp 192.0.2.1 80",
                    Forward.Dsr,
                    BalanceAlgorithm.First,
                    Backend("10.0.0.1"),
                    Backend("10.0.0.2", duty: BackendDuty.Rest),
                    Backend("10.0.0.3")
                )
            )
        );
        Assert.Equal(
            [
                "tcp 192.0.2.1:80 <- 10.0.0.1:80 DirectRoute 65535",
                "tcp 192.0.2.1:80 <- 10.0.0.2:80 DirectRoute 0",
                "tcp 192.0.2.1:80 <- 10.0.0.3:80 DirectRoute 65533",
                "tcp 192.0.2.1:80 fo",
            ],
            lines
        );
    }

    [Theory]
    [InlineData(TunnelKind.Gue, 6081, true, "Gue 6081 Checksum")]
    [InlineData(TunnelKind.Gre, 6081, true, "Gre 0 Checksum")]
    [InlineData(TunnelKind.Gre, 6081, false, "Gre 0 None")]
    public async Task A_tunnel_has_its_kind_and_port(TunnelKind kind, int port, bool checksum, string tunnel)
    {
        var connect = new ConnectOptions
        {
            Tunnel = new()
            {
                Kind = kind,
                Port = port,
                Checksum = checksum,
            },
        };
        var backend = Backend("10.0.0.1", weight: 3) with { Connect = connect };
        var lines = await LinesOf(
            Service("web", Listener("tcp 192.0.2.1 80", Forward.Tunnel, BalanceAlgorithm.RoundRobin, backend))
        );
        Assert.Contains("tcp 192.0.2.1:80 <- 10.0.0.1:80 Tunnel 3 " + tunnel, lines);
    }

    [Fact]
    public async Task Backends_of_the_other_family_are_reached_by_tunnels_only_where_there_are_no_others()
    {
        PlaneBackend[] both = [Backend("10.0.0.1"), Backend("2001:db8::1")];
        Assert.Equal(
            [
                "tcp 192.0.2.1:80 <- 10.0.0.1:80 Tunnel 1 IpInIp 0 None",
                "tcp 192.0.2.1:80 rr",
                "tcp 192.0.2.2:80 <- [2001:db8::1]:80 Tunnel 1 IpInIp 0 None",
                "tcp 192.0.2.2:80 rr",
                "tcp 192.0.2.3:80 rr",
            ],
            await LinesOf(
                Service("a", Listener("tcp 192.0.2.1 80", Forward.Tunnel, BalanceAlgorithm.RoundRobin, both)),
                Service("b", Listener("tcp 192.0.2.2 80", Forward.Tunnel, BalanceAlgorithm.RoundRobin, both[1])),
                Service("c", Listener("tcp 192.0.2.3 80", Forward.Dsr, BalanceAlgorithm.RoundRobin, both[1]))
            )
        );
    }

    [Theory]
    [InlineData("192.0.2.1", ClientIdentity.SourceAddress, "[Persistent] 91s/24")]
    [InlineData("2001:db8::1", ClientIdentity.SourceAddress, "[Persistent] 91s/64")]
    [InlineData("192.0.2.1", ClientIdentity.SipCallId, "[Persistent] 91s/24 sip")]
    public async Task Persistence_has_whole_seconds_and_a_mask(string address, ClientIdentity by, string expected)
    {
        var persist = new Persistence
        {
            Timeout = TimeSpan.FromSeconds(90.5),
            MaskIpv4 = 24,
            MaskIpv6 = 64,
            By = by,
        };
        var lines = await LinesOf(
            Service("sip", Listener($"udp {address} 5060", Forward.Nat, Balance.Default, persist))
        );
        Assert.EndsWith(expected, Assert.Single(lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Datagrams_can_be_balanced_one_by_one_and_servers_have_thresholds()
    {
        var backend = Backend("10.0.0.1") with { MaxConnections = 100, ResumeConnections = 80 };
        var service = Service("dns", Listener("udp 192.0.2.1 53", Forward.Nat, BalanceAlgorithm.RoundRobin, backend));
        var lines = await LinesOf(service with { Sessions = service.Sessions with { OnePacket = true } });
        Assert.Equal(
            ["udp 192.0.2.1:53 <- 10.0.0.1:53 Masquerade 1 80..100", "udp 192.0.2.1:53 rr [OnePacket]"],
            lines
        );
    }

    [Fact]
    public async Task Several_ports_and_what_belongs_together_are_known_by_marks()
    {
        var range = Listener("tcp 192.0.2.1 100-200", Forward.Dsr, BalanceAlgorithm.RoundRobin, Backend("10.0.0.1"));
        PlaneListener Alone(string at) =>
            Listener(at, Forward.Nat, BalanceAlgorithm.RoundRobin, Backend("10.0.0.1", 8080), Backend("fd00::1"));
        var together = Service("pair", Alone("tcp 192.0.2.2 80"), Alone("tcp 2001:db8::2 443")) with
        {
            Together = true,
            Mark = 300,
        };
        Assert.Equal(
            [
                "IPv4 mark 256 <- 10.0.0.1:0 DirectRoute 1",
                "IPv4 mark 256 rr",
                "IPv4 mark 300 <- 10.0.0.1:8080 Masquerade 1",
                "IPv4 mark 300 rr",
                "IPv6 mark 300 <- [fd00::1]:0 Masquerade 1",
                "IPv6 mark 300 rr",
            ],
            await LinesOf(Service("range", range with { Mark = 256 }), together)
        );
    }

    [Fact]
    public void Marks_and_sources_say_what_comes_and_what_servers_see()
    {
        var connect = new ConnectOptions
        {
            Source = [IPAddress.Parse("10.0.0.9"), IPAddress.Parse("10.0.0.10"), IPAddress.Parse("fd00::9")],
        };
        var backend = Backend("10.0.0.1", 8080) with { Connect = connect };
        PlaneListener Of(string at) => Listener(at, Forward.Nat, BalanceAlgorithm.RoundRobin, backend);
        var together = Service("pair", Of("tcp 192.0.2.2 80"), Of("udp 192.0.2.2 0-65535")) with
        {
            Together = true,
            Mark = 300,
        };
        var translation = new Translation(Tables.Of(together), null, new(), DateTimeOffset.MinValue);
        var service = Assert.Single(translation.Services.Values);
        Assert.Equal(
            [
                new()
                {
                    Mark = 300,
                    Address = IPAddress.Parse("192.0.2.2"),
                    Protocol = 6,
                    FirstPort = 80,
                    LastPort = 80,
                },
                new()
                {
                    Mark = 300,
                    Address = IPAddress.Parse("192.0.2.2"),
                    Protocol = 17,
                },
            ],
            service.Marks
        );
        Assert.Equal(
            [((byte)6, (ushort?)8080), ((byte)17, (ushort?)8080)],
            service.Sources.Select(source => (source.Protocol, source.Port))
        );
        Assert.All(
            service.Sources,
            source => Assert.Equal(("10.0.0.9", "10.0.0.10"), ($"{source.First}", $"{source.Last}"))
        );
        Assert.True(service.HasDatagrams);
    }

    [Fact]
    public async Task Probes_reach_each_backend_by_its_mark_whatever_its_duty()
    {
        var ill = Backend("10.0.0.1", duty: BackendDuty.Rest) with { ProbeMark = 65536 };
        var lines = await LinesOf(
            Service("web", Listener("tcp 192.0.2.1 80", Forward.Dsr, BalanceAlgorithm.RoundRobin, ill))
        );
        Assert.Equal(
            [
                "IPv4 mark 65536 <- 10.0.0.1:0 DirectRoute 1",
                "IPv4 mark 65536 rr",
                "tcp 192.0.2.1:80 <- 10.0.0.1:80 DirectRoute 0",
                "tcp 192.0.2.1:80 rr",
            ],
            lines
        );
    }

    [Fact]
    public async Task An_ill_server_of_datagrams_loses_its_place()
    {
        var ill = Backend("10.0.0.1", duty: BackendDuty.Rest);
        var lines = await LinesOf(
            Service("dns", Listener("udp 192.0.2.1 53", Forward.Nat, BalanceAlgorithm.RoundRobin, ill))
        );
        Assert.Equal(["udp 192.0.2.1:53 rr"], lines);
    }

    [Fact]
    public async Task What_the_kernel_cannot_be_told_is_refused_by_its_listener()
    {
        var range = Listener("tcp 192.0.2.1 100-200", Forward.Dsr, BalanceAlgorithm.RoundRobin);
        var ketama = Listener("tcp 192.0.2.1 80", Forward.Dsr, BalanceAlgorithm.Ketama);
        var error = await Assert.ThrowsAsync<PlaneRefusedException>(() => LinesOf(Service("web", ketama, range)));
        Assert.Equal(
            ["services.web.listen[0]", "services.web.listen[1]"],
            error.Problems.Select(problem => problem.Path)
        );
        Assert.Empty(_fixture.Kernel.Written);
    }

    private async Task<IReadOnlyList<string>> LinesOf(params PlaneService[] services)
    {
        await using var plane = _fixture.Plane();
        await PlaneFixture.TellAsync(plane, services);
        return _fixture.Kernel.Lines;
    }
}
