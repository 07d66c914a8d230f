using System.Net;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using static Fulcrum.Engine.Tests.Deriving.Vips.VipWorld;

namespace Fulcrum.Engine.Tests.Deriving.Vips;

/// <summary>Several vips may hold one address (kubernetes A1.3: sharing).</summary>
public sealed class SharedAddressTests
{
    private const string Address = "192.0.2.80";

    [Theory]
    [InlineData(Verdict.Healthy, Verdict.Healthy, true)]
    [InlineData(Verdict.Healthy, Verdict.Unhealthy, true)]
    [InlineData(Verdict.Unhealthy, Verdict.Healthy, true)]
    [InlineData(Verdict.Unhealthy, Verdict.Unhealthy, false)]
    public void It_stands_while_any_wants_it(Verdict one, Verdict two, bool stands)
    {
        var world = Two(one, two).Settle();
        Assert.Equal(stands, world.Wants(Address));
        Assert.Equal(one == Verdict.Healthy ? VipState.Up : VipState.Down, world.Of("one").State);
        Assert.Equal(two == Verdict.Healthy ? VipState.Up : VipState.Down, world.Of("two").State);
        // Each is announced by what selects it.
        Assert.Equal(one == Verdict.Healthy, world.Phase("of-one", Address) is not null);
        Assert.Equal(two == Verdict.Healthy, world.Phase("of-two", Address) is not null);
        Assert.Equal(stands, world.Phase("of-both", Address) is not null);
    }

    [Fact]
    public void The_first_written_says_how_it_stands()
    {
        var world = Two(Verdict.Unhealthy, Verdict.Healthy).Decide();
        Assert.Equal(24, Raised(world).Address.Length);
        Assert.Equal("b is healthy (up-when any); 192.0.2.80 stands as vip one says", world.Of("two").Reason.Text);
        Assert.Equal("service/b", world.Of("two").Reason.Cause!.ToString());
        Assert.Equal("a is unhealthy (up-when any)", world.Of("one").Reason.Text);

        world.Edit(snapshot => snapshot with { Vips = Named<Vip>.From(((IEnumerable<Vip>)snapshot.Vips).Reverse()) });
        Assert.Equal(32, Raised(world.Decide()).Address.Length);
        Assert.Equal("b is healthy (up-when any)", world.Of("two").Reason.Text);
        Assert.Equal("a is unhealthy (up-when any); 192.0.2.80 stands as vip two says", world.Of("one").Reason.Text);

        world.Edit(snapshot => snapshot with { Vips = snapshot.Vips.Without("two") });
        Assert.Equal("", world.Decide().Wanted());
    }

    [Fact]
    public void Who_gives_it_up_leaves_it_to_the_other()
    {
        var world = Two(Verdict.Healthy, Verdict.Healthy).Settle();
        world.Edit(snapshot => snapshot with { Vips = snapshot.Vips.Without("one") });
        world.Settle();
        // Its other address lingers.
        Assert.Equal(["one", "two"], world.Section.Vips.Keys.Order(StringComparer.Ordinal));
        world.Wait(TimeSpan.FromSeconds(9)).Settle();
        Assert.Equal(32, Raised(world).Address.Length);
        Assert.Equal(["two"], world.Section.Vips.Keys);
        Assert.Null(world.Section.WakeAt);
    }

    [Fact]
    public void The_longest_linger_counts_when_both_go()
    {
        var world = Two(Verdict.Healthy, Verdict.Healthy).Settle();
        world
            .Have(Service("a", Verdict.Unhealthy, Address))
            .Have(Service("b", Verdict.Unhealthy, Address))
            .Decide()
            .Tell()
            .Decide();
        var until = world.Section.Decided[IPAddress.Parse(Address)]!.LingersUntil;
        Assert.Equal(world.Now + TimeSpan.FromSeconds(9), until);
    }

    // Services cannot be told apart by address here, so each is on its vip by another address of that.
    private static VipWorld Two(Verdict one, Verdict two) =>
        new VipWorld()
            .Have(
                Vip("one", $"{Address}/24", "192.0.2.1") with
                {
                    Linger = TimeSpan.FromSeconds(9),
                },
                Vip("two", Address, "192.0.2.2")
            )
            .Have(Service("a", one, "192.0.2.1"))
            .Have(Service("b", two, "192.0.2.2"))
            .Have(
                new Announcement
                {
                    Name = "of-one",
                    Spec = Bgp,
                    Select = new() { Vip = ["one"] },
                },
                new Announcement
                {
                    Name = "of-two",
                    Spec = Bgp,
                    Select = new() { Vip = ["two"] },
                },
                new Announcement { Name = "of-both", Spec = Bgp }
            );

    private static RaisedAddress Raised(VipWorld world) => world.Section.Addresses[IPAddress.Parse(Address)]!;
}
