using System.Net;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using static Fulcrum.Engine.Tests.Deriving.Vips.VipWorld;

namespace Fulcrum.Engine.Tests.Deriving.Vips;

/// <summary>Another configuration, or another process, while addresses stand.</summary>
public sealed class ChangeTests
{
    private const string Address = "192.0.2.53";
    private const string Other = "192.0.2.54";

    [Fact]
    public void A_vip_that_is_removed_goes_in_order()
    {
        var world = Up();
        world.Edit(snapshot => snapshot with { Vips = Named<Vip>.Empty });
        Assert.Equal("192.0.2.53", world.Decide().Wanted());
        Assert.Equal(VipState.Withdrawing, world.Of("dns").State);
        Assert.Equal("waits until anycast took it back: it is not configured any more", world.Of("dns").Reason.Text);
        Assert.Equal("192.0.2.53", world.Tell().Decide().Wanted());
        Assert.Equal(world.Now + TimeSpan.FromSeconds(3), world.Section.WakeAt);
        Assert.Equal("", world.Wait(TimeSpan.FromSeconds(3)).Decide().Wanted());
        // As long as it stands, it is shown.
        Assert.Equal("it is not configured any more", world.Of("dns").Reason.Text);
        Assert.Empty(world.Stand().Decide().Section.Vips);
        Assert.Empty(world.Section.Decided);
    }

    [Fact]
    public void A_vip_that_is_removed_with_its_announcement_and_services_goes_in_order()
    {
        var world = Up();
        world.Edit(_ => Snapshot.Empty);
        world.Services = world.Services.Without("dns");
        Assert.Equal("192.0.2.53", world.Decide().Wanted());
        Assert.Equal("192.0.2.53", world.Tell().Decide().Wanted());
        Assert.Equal("", world.Wait(TimeSpan.FromSeconds(3)).Decide().Wanted());
    }

    [Fact]
    public void A_vip_that_never_stood_is_just_gone()
    {
        var world = new VipWorld().Have(OrderTests.Dns()).Decide();
        world.Edit(snapshot => snapshot with { Vips = Named<Vip>.Empty });
        Assert.Empty(world.Decide().Section.Vips);
    }

    [Fact]
    public void An_address_that_is_replaced_goes_in_order_while_the_new_one_comes()
    {
        var world = Up();
        world.Have(OrderTests.Dns() with { Addresses = [At(Other)] }).Have(Service("dns", Verdict.Healthy, Other));
        Assert.Equal("192.0.2.53 192.0.2.54", world.Decide().Wanted());
        Assert.Equal(VipState.Raising, world.Of("dns").State);
        world.Stand().Tell().Decide();
        Assert.Equal("192.0.2.53 192.0.2.54 anycast/192.0.2.54:Announce", world.Wanted());
        Assert.Equal(VipState.Up, world.Of("dns").State);
        Assert.Equal("192.0.2.54 anycast/192.0.2.54:Announce", world.Wait(TimeSpan.FromSeconds(3)).Decide().Wanted());
        // Removed while the former address still stands: both are gone's.
        world.Edit(snapshot => snapshot with { Vips = Named<Vip>.Empty });
        Assert.Equal("192.0.2.54", world.Decide().Tell().Decide().Wanted());
        Assert.StartsWith("lingers until", world.Of("dns").Reason.Text, StringComparison.Ordinal);
        world.Wait(TimeSpan.FromSeconds(3)).Decide().Stand().Decide();
        Assert.Empty(world.Section.Vips);
    }

    [Fact]
    public void Where_it_stands_can_change_under_it()
    {
        var world = Up();
        world.Have(OrderTests.Dns() with { On = new OnInterface("eth1"), Addresses = [At($"{Address}/24")] }).Decide();
        Assert.Equal(
            new RaisedAddress(At($"{Address}/24"), new OnInterface("eth1"), Model.Vips.Vip.DefaultLifetime),
            world.Section.Addresses[IPAddress.Parse(Address)]
        );
        Assert.Equal(AnnouncementPhase.Announce, world.Phase("anycast", Address));
    }

    [Theory]
    [InlineData(true, "192.0.2.53 anycast/192.0.2.53:Announce")]
    [InlineData(false, "")]
    public void What_stands_at_the_start_stays_until_more_is_known(bool stands, string wanted)
    {
        var world = Up();
        if (!stands)
        {
            world.Stand(Map<IPAddress, RaisedAddress>.Empty).Tell(Map<AnnouncementKey, AnnouncedAddress>.Empty);
        }

        // Neither a check nor a plane has said anything yet.
        world.Inputs = world.Inputs with
        {
            Observed = world.Inputs.Observed with { Planes = Map<PlaneKind, PlaneTable>.Empty },
        };
        world.Restart().Have(Service("dns", Verdict.Unknown, Address), carried: false).Decide();
        Assert.Equal(wanted, world.Wanted());
        // Healthy, but the plane is a moment late.
        world.Have(Service("dns", Verdict.Healthy, Address), carried: false).Decide();
        Assert.Equal(wanted, world.Wanted());
        // And one that turns out to be down goes in order all the same.
        world.Have(Service("dns", Verdict.Unhealthy, Address), carried: false).Decide();
        Assert.Equal(stands ? "192.0.2.53" : "", world.Wanted());
        world.Tell().Decide();
        Assert.Equal(stands ? world.Now + TimeSpan.FromSeconds(3) : null, world.Section.WakeAt);
    }

    [Fact]
    public void What_a_former_run_left_and_no_vip_has_goes_after_its_announcements()
    {
        var world = Up();
        world.Edit(_ => Snapshot.Empty);
        world.Services = world.Services.Without("dns");
        Assert.Equal("192.0.2.53", world.Restart().Decide().Wanted());
        Assert.Empty(world.Section.Vips);
        // How long it should linger went with the vip.
        Assert.Equal("", world.Tell().Decide().Wanted());
        Assert.Empty(world.Stand().Decide().Section.Decided);
    }

    private static VipWorld Up() =>
        new VipWorld()
            .Have(OrderTests.Dns())
            .Announce("anycast", Bgp)
            .Have(Service("dns", Verdict.Healthy, Address))
            .Settle();
}
