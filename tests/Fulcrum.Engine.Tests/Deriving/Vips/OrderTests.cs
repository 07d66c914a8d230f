using System.Net;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using static Fulcrum.Engine.Tests.Deriving.Vips.VipWorld;

namespace Fulcrum.Engine.Tests.Deriving.Vips;

/// <summary>Step by step, as the adapters do what they were told (seesaw 3.2 rule 4).</summary>
public sealed class OrderTests
{
    private const string Address = "192.0.2.53";

    [Fact]
    public void Service_then_address_then_announcement()
    {
        var world = Anycast().Have(Service("dns", Verdict.Unknown, Address), carried: false);
        Assert.Equal("", world.Decide().Wanted());
        Check(world, VipState.Down, "dns is unknown (up-when all)");
        Assert.Equal("", world.Have(Service("dns", Verdict.Healthy, Address), carried: false).Decide().Wanted());
        Check(world, VipState.Down, "waits for plane proxy to carry dns");
        Assert.Equal("192.0.2.53", world.Carry("dns").Decide().Wanted());
        Check(world, VipState.Raising, "dns is healthy (up-when all)");
        Assert.Equal("192.0.2.53 anycast/192.0.2.53:Announce", world.Stand().Decide().Wanted());
        Check(world, VipState.Up, "dns is healthy (up-when all)");
    }

    [Fact]
    public void Announcement_then_linger_then_address()
    {
        var world = Up();
        world.Have(Service("dns", Verdict.Unhealthy, Address)).Decide();
        Assert.Equal("192.0.2.53", world.Wanted());
        Check(world, VipState.Withdrawing, "waits until anycast took it back: dns is unhealthy (up-when all)");
        Assert.Null(world.Section.WakeAt);

        world.Wait(TimeSpan.FromSeconds(30)).Tell().Decide();
        Assert.Equal("192.0.2.53", world.Wanted());
        Check(world, VipState.Withdrawing, "lingers until 1970-01-01 00:00:33Z: dns is unhealthy (up-when all)");
        Assert.Equal(world.Now + TimeSpan.FromSeconds(3), world.Section.WakeAt);

        world.Wait(TimeSpan.FromSeconds(3) - TimeSpan.FromTicks(1)).Decide();
        Assert.Equal("192.0.2.53", world.Wanted());
        world.Wait(TimeSpan.FromTicks(1)).Decide();
        Assert.Equal("", world.Wanted());
        Check(world, VipState.Withdrawing, "dns is unhealthy (up-when all)");
        Assert.Null(world.Section.WakeAt);

        world.Stand().Decide();
        Check(world, VipState.Down, "dns is unhealthy (up-when all)");
    }

    [Fact]
    public void What_was_never_announced_does_not_linger()
    {
        var world = new VipWorld().Have(Dns()).Have(Service("dns", Verdict.Healthy, Address)).Settle();
        Assert.Equal(VipState.Up, world.Of("dns").State);
        Assert.Equal("", world.Have(Service("dns", Verdict.Unhealthy, Address)).Decide().Wanted());
    }

    [Fact]
    public void What_was_only_about_to_be_announced_lingers()
    {
        var world = Anycast().Have(Service("dns", Verdict.Healthy, Address)).Decide().Stand().Decide();
        Assert.Equal(AnnouncementPhase.Announce, world.Phase("anycast", Address));
        // The adapter may be at it: that it has not said so is no proof.
        Assert.Equal("192.0.2.53", world.Have(Service("dns", Verdict.Unhealthy, Address)).Decide().Wanted());
        Assert.Equal("", world.Wait(TimeSpan.FromSeconds(3)).Decide().Wanted());
    }

    [Fact]
    public void Who_recovers_while_it_lingers_stays()
    {
        var world = Up();
        world.Have(Service("dns", Verdict.Unhealthy, Address)).Decide().Tell().Decide();
        world.Wait(TimeSpan.FromSeconds(2)).Have(Service("dns", Verdict.Healthy, Address)).Settle();
        Assert.Equal("192.0.2.53 anycast/192.0.2.53:Announce", world.Wanted());
        Check(world, VipState.Up, "dns is healthy (up-when all)");
        Assert.Null(world.Section.WakeAt);
        // And the next time it lingers as long as ever.
        world.Have(Service("dns", Verdict.Unhealthy, Address)).Decide().Tell().Decide();
        Assert.Equal(world.Now + TimeSpan.FromSeconds(3), world.Section.WakeAt);
    }

    [Fact]
    public void An_address_that_disappears_is_announced_no_more_and_comes_back()
    {
        var world = Up();
        world.Stand(Map<IPAddress, RaisedAddress>.Empty).Decide();
        Assert.Equal("192.0.2.53", world.Wanted());
        Check(world, VipState.Raising, "dns is healthy (up-when all)");
    }

    [Fact]
    public void An_election_is_joined_first_and_left_first()
    {
        var world = new VipWorld().Have(Dns()).Announce("pair", Vrrp).Have(Service("dns", Verdict.Unknown, Address));
        Assert.Equal("", world.Decide().Wanted());
        world.Have(Service("dns", Verdict.Healthy, Address)).Decide();
        Assert.Equal("pair/192.0.2.53:Stand", world.Wanted());
        Check(world, VipState.Down, "role is standby (pair)");
        world.Role("pair", Role.Active).Decide();
        Assert.Equal("192.0.2.53 pair/192.0.2.53:Stand", world.Wanted());
        world.Stand().Decide();
        Assert.Equal("192.0.2.53 pair/192.0.2.53:Announce", world.Wanted());

        // Unknown is no reason to leave the election while the address stands.
        world.Tell().Have(Service("dns", Verdict.Unknown, Address)).Decide();
        Assert.Equal("192.0.2.53 pair/192.0.2.53:Announce", world.Wanted());
        world.Have(Service("dns", Verdict.Unhealthy, Address)).Decide();
        Assert.Equal("192.0.2.53", world.Wanted());
        world.Tell().Decide();
        Assert.Equal("192.0.2.53", world.Wanted());
        world.Role("pair", Role.Standby).Decide();
        Assert.Equal("", world.Wanted());
    }

    [Fact]
    public void Unknown_is_no_reason_to_leave_an_election_for_what_stands()
    {
        var world = new VipWorld().Have(Dns()).Announce("four", Vrrp).Announce("six", Vrrp with { Id = 52 });
        world.Have(Service("dns", Verdict.Healthy, Address)).Role("four", Role.Active).Settle();
        Assert.Equal(AnnouncementPhase.Stand, world.Phase("six", Address));
        world.Have(Service("dns", Verdict.Unknown, Address)).Decide();
        Assert.Equal("192.0.2.53 four/192.0.2.53:Announce six/192.0.2.53:Stand", world.Wanted());
    }

    [Fact]
    public void Nowhere_is_a_place_to_stand()
    {
        var world = new VipWorld().Have(Dns() with { On = new NoPlace(), Lifetime = TimeSpan.FromMinutes(5) });
        world.Announce("anycast", Bgp).Have(Service("dns", Verdict.Healthy, Address)).Settle();
        var raised = world.Section.Addresses[IPAddress.Parse(Address)];
        Assert.Equal(new RaisedAddress(At(Address), new NoPlace(), TimeSpan.FromMinutes(5)), raised);
        Assert.Equal(AnnouncementPhase.Announce, world.Phase("anycast", Address));
    }

    internal static Vip Dns() => Vip("dns", Address) with { UpWhen = UpWhen.All, Linger = TimeSpan.FromSeconds(3) };

    private static VipWorld Anycast() => new VipWorld().Have(Dns()).Announce("anycast", Bgp);

    private static VipWorld Up() => Anycast().Have(Service("dns", Verdict.Healthy, Address)).Settle();

    private static void Check(VipWorld world, VipState state, string reason)
    {
        Assert.Equal((state, reason), (world.Of("dns").State, world.Of("dns").Reason.Text));
    }
}
