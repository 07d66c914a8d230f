using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests.Deriving;

/// <summary>Which plane carries a service, and what is said of those that do not.</summary>
public sealed class ChoiceTests
{
    private static readonly PlaneOffer Missing = PlaneOffer.Ipvs with { Unavailable = "the kernel has no ip_vs" };

    private static readonly PlaneOffer Other = PlaneOffer.Ipvs with { Kind = PlaneKind.Xdp };

    [Theory]
    [InlineData(PlaneKind.Auto, "no plane of this node carries nat; ipvs would, but the kernel has no ip_vs")]
    [InlineData(PlaneKind.Ipvs, "it asks for plane ipvs, but the kernel has no ip_vs")]
    public void A_plane_that_does_not_work_here_says_so_on_the_service(PlaneKind plane, string why)
    {
        var state = Derive(Of(plane, new() { Forward = Forwarding.Nat }), Missing, PlaneOffer.Proxy);
        var service = state.Services["web"]!;
        Assert.Null(service.Carrier);
        Assert.Equal(why, service.Reason.Text);
        Assert.Equal("not carried", ServiceAccount.Of(state, new(SubjectKind.Service, "web"))!.State);
    }

    [Fact]
    public void Another_that_works_is_taken_and_said_why()
    {
        var state = Derive(Of(PlaneKind.Auto, new() { Forward = Forwarding.Nat }), Missing, Other, PlaneOffer.Proxy);
        Assert.Equal(PlaneKind.Xdp, state.Services["web"]!.Carrier);
        Assert.Equal(
            ["carried by plane xdp", "not by plane ipvs: the kernel has no ip_vs"],
            ServiceAccount.Of(state, new(SubjectKind.Service, "web"))!.Reasons.Skip(1)
        );
    }

    [Fact]
    public void How_a_service_forwards_is_never_changed_for_the_sake_of_a_plane()
    {
        var state = Derive(Of(PlaneKind.Auto, new() { Forward = Forwarding.Dsr }), Missing, PlaneOffer.Proxy);
        Assert.Null(state.Services["web"]!.Carrier);
    }

    [Theory]
    [InlineData(Forwarding.Nat, BalanceAlgorithm.Ketama, "ipvs would, but it does not balance by ketama")]
    [InlineData(Forwarding.Proxy, BalanceAlgorithm.NeverQueue, "proxy would, but it does not balance by never-queue")]
    public void What_a_plane_cannot_do_is_named(Forwarding forward, BalanceAlgorithm algorithm, string why)
    {
        var policy = new Policy
        {
            Forward = forward,
            Balance = new() { Algorithm = algorithm },
        };
        var state = Derive(Of(PlaneKind.Auto, policy), PlaneOffer.Ipvs, PlaneOffer.Proxy);
        Assert.EndsWith($"; {why}", state.Services["web"]!.Reason.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plane_that_no_interface_is_given_to_is_not_spoken_of()
    {
        var idle = PlaneOffer.Xdp with { Forwardings = [] };
        var state = Derive(Of(PlaneKind.Auto, new() { Forward = Forwarding.Dsr }), idle, PlaneOffer.Ipvs);
        Assert.Equal(PlaneKind.Ipvs, state.Services["web"]!.Carrier);
        Assert.Equal(
            ["carried by plane ipvs"],
            ServiceAccount.Of(state, new(SubjectKind.Service, "web"))!.Reasons.Skip(1)
        );
    }

    [Fact]
    public void Where_nothing_is_said_a_plane_balances_in_its_own_way()
    {
        var snapshot = Of(PlaneKind.Auto, new() { Forward = Forwarding.Dsr });
        Assert.Equal(
            PlaneOffer.Xdp.UsualBalance,
            Derive(snapshot, PlaneOffer.Xdp).Services["web"]!.Plane!.Listeners[0].Balance
        );
        Assert.Equal(Balance.Default, Derive(snapshot, PlaneOffer.Ipvs).Services["web"]!.Plane!.Listeners[0].Balance);
    }

    [Theory]
    [InlineData("sctp", "it does not take sctp")]
    [InlineData("together", "it does not hold listeners together")]
    [InlineData("gre", "it has no tunnel gre")]
    [InlineData("max-connections", "it does not count connections ('max-connections')")]
    [InlineData("via", "checks do not go through it ('via: forwarding')")]
    [InlineData("one-packet", "it does no NAT for datagrams that are each balanced for themselves ('one-packet')")]
    public void What_the_balancer_of_our_own_lacks_leads_to_the_kernels(string wish, string why)
    {
        var forward =
            wish == "gre" ? Forwarding.Tunnel
            : wish == "one-packet" ? Forwarding.Nat
            : Forwarding.Dsr;
        var snapshot = Of(PlaneKind.Auto, new() { Forward = forward });
        var (service, upstream) = (snapshot.Services[0], snapshot.Upstreams[0]);
        service = wish switch
        {
            "sctp" => service with { Listeners = [service.Listeners[0] with { Protocol = ListenerProtocol.Sctp }] },
            "together" => service with { Together = true },
            "one-packet" => service with { Sessions = SessionOptions.Default with { OnePacket = true } },
            "via" => service with
            {
                Policy = service.Policy with { Checks = [new() { Probe = new TcpProbe(), Via = CheckVia.Forwarding }] },
            },
            _ => service,
        };
        upstream = wish switch
        {
            "gre" => upstream with { Connect = new() { Tunnel = new() { Kind = TunnelKind.Gre } } },
            "max-connections" => upstream with { Backends = [upstream.Backends[0] with { MaxConnections = 9 }] },
            _ => upstream,
        };
        var state = Derive(
            snapshot with
            {
                Services = snapshot.Services.With(service),
                Upstreams = snapshot.Upstreams.With(upstream),
            },
            PlaneOffer.Xdp,
            PlaneOffer.Ipvs
        );
        Assert.Equal(
            ["carried by plane ipvs", $"not by plane xdp: {why}"],
            ServiceAccount.Of(state, new(SubjectKind.Service, "web"))!.Reasons.Skip(1)
        );
    }

    private static Snapshot Of(PlaneKind plane, Policy policy)
    {
        var web = Web(policy, Backend("10.0.0.1"));
        return web with { Services = web.Services.With(web.Services[0] with { Plane = plane }) };
    }

    private static DerivedState Derive(Snapshot snapshot, params PlaneOffer[] planes)
    {
        var inputs = EngineInputs.Nothing with { Node = "lb1", Snapshot = snapshot, Planes = [.. planes] };
        return Deriver.Derive(inputs, DerivedState.Initial, DateTimeOffset.UnixEpoch).Next;
    }
}
