using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Draining;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Forwarding.Xdp.Translating;
using Fulcrum.Model.Upstreams;
using static Fulcrum.Forwarding.Tests.Tables;
using Forward = Fulcrum.Model.Services.Forwarding;

namespace Fulcrum.Forwarding.Tests.Xdp;

/// <summary>What a service becomes in the program's words.</summary>
public sealed class VipTranslationTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private readonly DrainClock _drains = new();

    [Theory]
    [InlineData(Forward.Nat, TunnelKind.Ipip, null, "Nat")]
    [InlineData(Forward.Nat, TunnelKind.Ipip, "10.0.0.254", "FullNat")]
    [InlineData(Forward.Nat, TunnelKind.Ipip, "fd00::254", "Nat")]
    [InlineData(Forward.Dsr, TunnelKind.Ipip, null, "Direct")]
    [InlineData(Forward.Tunnel, TunnelKind.Ipip, null, "IpInIp")]
    [InlineData(Forward.Tunnel, TunnelKind.Gue, null, "Gue")]
    public void Forwarding_says_how_packets_get_there(Forward forward, TunnelKind kind, string? source, string expected)
    {
        var backend = Backend("10.0.0.1", forward == Forward.Nat ? 8080 : null) with
        {
            Connect = new()
            {
                Tunnel = new() { Kind = kind },
                Source = source is null ? [] : [IPAddress.Parse(source)],
            },
        };
        var wanted = Assert.Single(
            Only(Listener("tcp 192.0.2.1 80", forward, BalanceAlgorithm.Maglev, backend)).Backends
        );
        Assert.Equal(expected, $"{wanted.Forwarding}");
        Assert.Equal(forward == Forward.Nat ? 8080 : 0, wanted.Port);
        Assert.Equal(expected == "Gue" ? 6080 : 0, wanted.TunnelPort);
        Assert.Equal(expected == "FullNat" ? IPAddress.Parse(source!) : null, wanted.Source);
    }

    [Theory]
    [InlineData(BackendDuty.Serve, false, "Up", 3)]
    [InlineData(BackendDuty.Serve, true, "Up", 3)]
    [InlineData(BackendDuty.Rest, false, "Up, Drains", 0)]
    [InlineData(BackendDuty.Rest, true, "None", 0)]
    [InlineData(BackendDuty.Drain, false, "Up, Drains", 0)]
    [InlineData(BackendDuty.Drain, true, "None", 0)]
    public void Flows_of_a_backend_stay_unless_it_failed(BackendDuty duty, bool hasFailed, string flags, int weight)
    {
        var backend = Backend("10.0.0.1", weight: 3, duty: duty) with { HasFailed = hasFailed };
        var wanted = Assert.Single(
            Only(Listener("tcp 192.0.2.1 80", Forward.Dsr, BalanceAlgorithm.Maglev, backend)).Backends
        );
        Assert.Equal((flags, weight), ($"{wanted.Flags}", wanted.Weight));
    }

    [Fact]
    public void A_backend_that_drains_is_gone_at_its_deadline()
    {
        var until = Now + TimeSpan.FromSeconds(5);
        var backend = Backend("10.0.0.1", duty: BackendDuty.Drain) with { DrainUntil = until };
        var table = Of(Service("web", Listener("tcp 192.0.2.1 80", Forward.Dsr, BalanceAlgorithm.Maglev, backend)));
        var first = new VipTranslation(table, null, _drains, Now);
        Assert.Equal(until, first.WakeAt);
        Assert.Single(first.Vips[0].Backends);
        Assert.Empty(new VipTranslation(table, first, _drains, until).Vips[0].Backends);
    }

    [Theory]
    [InlineData(HashKey.SourceAddress, true)]
    [InlineData(HashKey.SourceAddressAndPort, false)]
    public void What_is_hashed_is_as_the_file_has_it(HashKey key, bool isBySource) =>
        Assert.Equal(
            isBySource,
            Only(
                Listener(
                    "tcp 192.0.2.1 80",
                    Forward.Dsr,
                    new Balance { Algorithm = BalanceAlgorithm.SourceHash, Hash = key },
                    null,
                    Backend("10.0.0.1")
                )
            )
                .Flags.HasFlag(VipFlags.BySource)
        );

    [Fact]
    public void Tunnels_lead_to_the_other_family_where_there_is_nobody_of_the_own()
    {
        PlaneBackend[] both = [Backend("10.0.0.1"), Backend("fd00::1")];
        Assert.Equal(["fd00::1"], Reached("tcp 2001:db8::1 80", Forward.Tunnel, both));
        Assert.Equal(["10.0.0.1"], Reached("tcp 2001:db8::1 80", Forward.Tunnel, both[0]));
        Assert.Empty(Reached("tcp 2001:db8::1 80", Forward.Dsr, both[0]));
    }

    [Fact]
    public void Services_that_did_not_change_are_the_same_objects()
    {
        var web = Service(
            "web",
            Listener("tcp 192.0.2.1 80", Forward.Dsr, BalanceAlgorithm.Maglev, Backend("10.0.0.1"))
        );
        var dns = Service(
            "dns",
            Listener("udp 192.0.2.1 53", Forward.Dsr, BalanceAlgorithm.Maglev, Backend("10.0.0.1"))
        );
        var first = new VipTranslation(Of(web, dns), null, _drains, Now);
        var second = new VipTranslation(Of(web, dns with { Together = true }), first, _drains, Now);
        Assert.Same(Vip(first, "web"), Vip(second, "web"));
        Assert.NotSame(Vip(first, "dns"), Vip(second, "dns"));

        static WantedVip Vip(VipTranslation translation, string service) =>
            translation.Vips.Single(vip => vip.Service == service);
    }

    [Fact]
    public void Several_sources_of_a_family_are_refused_with_the_place()
    {
        var backend = Backend("10.0.0.1", 80) with
        {
            Connect = new() { Source = [IPAddress.Parse("10.0.0.2"), IPAddress.Parse("10.0.0.3")] },
        };
        var table = Of(Service("web", Listener("tcp 192.0.2.1 80", Forward.Nat, BalanceAlgorithm.Maglev, backend)));
        var problem = Assert.Single(new VipTranslation(table, null, _drains, Now).Problems);
        Assert.Equal("services.web.listen[0]", problem.Path);
        Assert.Contains("connect.source", problem.Message, StringComparison.Ordinal);
    }

    private IEnumerable<string> Reached(string at, Forward forward, params PlaneBackend[] backends) =>
        Only(Listener(at, forward, BalanceAlgorithm.Maglev, backends)).Backends.Select(backend => backend.Id);

    private WantedVip Only(PlaneListener listener)
    {
        var translation = new VipTranslation(Of(Service("web", listener)), null, _drains, Now);
        Assert.Empty(translation.Problems);
        return Assert.Single(translation.Vips);
    }
}
