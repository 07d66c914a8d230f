using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using static Fulcrum.Engine.Tests.Deriving.Vips.VipWorld;

namespace Fulcrum.Engine.Tests.Deriving.Vips;

/// <summary>What is as it was is the same object.</summary>
public sealed class UnchangedTests
{
    [Fact]
    public void Nothing_new_gives_back_the_same_section()
    {
        var world = Two();
        var section = world.Section;
        Assert.Same(section, world.Decide().Section);
        Assert.Same(section, world.Wait(TimeSpan.FromDays(1)).Decide().Section);
    }

    [Fact]
    public void Equal_inputs_that_are_other_objects_change_nothing()
    {
        var world = Two();
        var section = world.Section;
        foreach (var vip in section.Vips.Values.Select(derived => derived.Vip))
        {
            world.Have(vip with { });
        }

        world.Announce("anycast", Bgp with { }).Have(Service("dns", Verdict.Healthy, "192.0.2.53"), carried: false);
        world.Decide();
        Assert.Same(section.Vips, world.Section.Vips);
        Assert.Same(section.Addresses, world.Section.Addresses);
        Assert.Same(section.Announcements, world.Section.Announcements);
    }

    [Fact]
    public void News_of_one_vip_leaves_another_the_same_objects()
    {
        var world = Two();
        var (vips, section) = (world.Section.Vips, world.Section);
        world.Have(Service("dns", Verdict.Unhealthy, "192.0.2.53")).Decide();
        Assert.Equal(["dns"], world.Section.Vips.ChangesSince(vips).Select(change => change.Key));
        Assert.Same(section.Addresses, world.Section.Addresses);
        Assert.Equal([Key("anycast", "192.0.2.53")], Gone(section, world));
    }

    [Fact]
    public void Backends_of_a_service_are_no_news()
    {
        var world = Two();
        var section = world.Section;
        // A plane is told of other backends, and has them; the service is as healthy as before.
        var service = world.Services["dns"]!;
        world.Services = world.Services.With("dns", service with { WakeAt = world.Now });
        world.Carry("dns");
        Assert.Same(section, world.Decide().Section);
    }

    [Fact]
    public void One_among_a_hundred_thousand_vips_is_found_by_what_changed()
    {
        const int Vips = 100_000;
        var world = new VipWorld();
        var vips = Enumerable.Range(0, Vips).Select(i => Vip($"v{i}", AddressOf(i))).ToList();
        world.Edit(snapshot => snapshot with { Vips = Named<Vip>.From(vips) });
        world.Announce("anycast", Bgp);
        world.Services = Map<string, DerivedService>.From(
            Enumerable.Range(0, Vips).Select(i => KeyValuePair.Create($"s{i}", Others(i, Verdict.Healthy)))
        );
        world.Decide().Stand().Decide().Tell().Decide();
        Assert.Equal(Vips, world.Section.Announcements.Count);

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            world.Have(Others(i, Verdict.Unhealthy), carried: false).Decide();
        }

        allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / 100;
        Assert.Equal(Vips - 100, world.Section.Announcements.Count);
        Assert.True(allocated < 64 * 1024, $"{allocated} bytes for each decision");
    }

    private static DerivedService Others(int i, Verdict verdict) =>
        Service($"s{i}", verdict, AddressOf(i)) with
        {
            Carrier = null,
        };

    private static string AddressOf(int i) => $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}";

    private static IEnumerable<AnnouncementKey> Gone(VipSection before, VipWorld world) =>
        world.Section.Announcements.ChangesSince(before.Announcements).Select(change => change.Key);

    private static VipWorld Two() =>
        new VipWorld()
            .Have(Vip("dns", "192.0.2.53"), Vip("web", "192.0.2.80", "2001:db8::80"))
            .Have(Service("dns", Verdict.Healthy, "192.0.2.53"))
            .Have(Service("web", Verdict.Healthy, "192.0.2.80", "2001:db8::80"))
            .Announce("anycast", Bgp)
            .Settle();
}
