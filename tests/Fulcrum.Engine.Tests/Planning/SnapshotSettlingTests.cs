using Fulcrum.Engine.Tests.Sources;
using Fulcrum.Model;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests.Planning;

public sealed class SnapshotSettlingTests
{
    [Fact]
    public void What_is_equal_is_the_former_snapshot()
    {
        var before = Large(10) with
        {
            Defaults = new() { Check = new() { Rise = 3 } },
            Group = "edge",
        };
        var again = Large(10) with
        {
            Defaults = new() { Check = new() { Rise = 3 } },
            Group = "edge",
        };
        Assert.NotSame(before, again);
        Assert.Same(before, SnapshotSettling.Settle(before, again));
    }

    [Fact]
    public void Everything_but_what_changed_is_the_former_object()
    {
        var before = Large(3) with { Defaults = new() { Check = new() { Rise = 3 } } };
        var after = Large(3) with
        {
            Defaults = new() { Check = new() { Rise = 3 } },
            Guard = Guard.Off,
        };
        after = after with
        {
            Upstreams = after.Upstreams.With(
                after.Upstreams[1] with
                {
                    Backends = Items.From(
                        after
                            .Upstreams[1]
                            .Backends.Select((backend, i) => i == 4 ? backend with { Weight = 7 } : backend)
                            .Skip(1)
                    ),
                }
            ),
        };
        var settled = SnapshotSettling.Settle(before, after);
        Assert.Equal(after, settled);
        Assert.Same(before.Defaults, settled.Defaults);
        Assert.Same(before.Services, settled.Services);
        Assert.Same(before.Upstreams[0], settled.Upstreams[0]);
        Assert.Same(before.Upstreams[2], settled.Upstreams[2]);
        var (old, now) = (before.Upstreams[1], settled.Upstreams[1]);
        Assert.Same(old.Policy, now.Policy);
        Assert.Equal(
            ["u1-4"],
            now.Backends.Where(backend => !old.Backends.Any(was => ReferenceEquals(was, backend)))
                .Select(backend => backend.Id)
        );
    }

    [Fact]
    public void The_order_is_that_of_the_new_one()
    {
        var before = Large(3);
        var after = before with { Services = Named<Service>.From(Large(3).Services.Reverse()) };
        var settled = SnapshotSettling.Settle(before, after);
        Assert.Equal(["s2", "s1", "s0"], settled.Services.Select(service => service.Name));
        Assert.Same(before.Services[0], settled.Services[2]);
    }

    [Fact]
    public void Settling_changes_nothing_and_settled_is_settled()
    {
        var random = Seeds.NewRandom();
        for (var run = 0; run < 300; run++)
        {
            var (before, after) = (RandomContent.Of(random), RandomContent.Of(random));
            var settled = SnapshotSettling.Settle(before, after);
            Assert.Equal(after, settled);
            Assert.Same(settled, SnapshotSettling.Settle(before, settled));
            Assert.Same(before, SnapshotSettling.Settle(before, SnapshotSettling.Settle(after, before)));
            foreach (var upstream in settled.Upstreams)
            {
                var was = before.Upstreams.Find(upstream.Name);
                Assert.True(was is null || !was.Equals(upstream) || ReferenceEquals(was, upstream));
            }
        }
    }

    [Fact]
    public void One_backend_among_a_hundred_thousand_costs_no_copy_of_the_rest()
    {
        var (before, after) = (Large(10_000), Large(10_000));
        after = after with
        {
            Upstreams = after.Upstreams.With(after.Upstreams[5000] with { BroadcastBy = "labels.room" }),
        };
        // The indices by name are made once for each snapshot, whoever asks first.
        _ = (before.Upstreams.Find("x"), before.Services.Find("x"));
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var settled = SnapshotSettling.Settle(before, after);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.Same(before.Upstreams[4999], settled.Upstreams[4999]);
        Assert.InRange(allocated, 0, 2_000_000);
    }

    [Fact]
    public void Every_part_of_a_snapshot_has_its_section()
    {
        var parts = typeof(Snapshot)
            .GetProperties()
            .Count(part => part.GetMethod!.IsPublic && !part.GetMethod.IsStatic);
        Assert.Equal(parts, SnapshotSection.All.Count + SnapshotSingle.All.Count);
        Assert.Same(SnapshotSection.Find("vips"), SnapshotSection.KindOf(Objects.Vip("v", 1)));
        Assert.Null(SnapshotSection.Find("guard"));
    }

    /// <summary>So many upstreams of ten backends, and a service for each.</summary>
    internal static Snapshot Large(int upstreams) =>
        Snapshot.Empty with
        {
            Upstreams = Named<Upstream>.From(
                Enumerable
                    .Range(0, upstreams)
                    .Select(i => new Upstream
                    {
                        Name = $"u{i}",
                        Policy = new() { Checks = [new Check { Probe = new TcpProbe() }] },
                        Backends = Items.From(
                            Enumerable.Range(0, 10).Select(b => Backend($"10.0.0.{b}") with { Name = $"u{i}-{b}" })
                        ),
                    })
            ),
            Services = Named<Service>.From(
                Enumerable.Range(0, upstreams).Select(i => Objects.Service($"s{i}", $"u{i}", i + 1))
            ),
        };
}
