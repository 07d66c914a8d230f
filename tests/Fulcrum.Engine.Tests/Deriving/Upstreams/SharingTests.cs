using Fulcrum.Engine.Ports;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Tests.Deriving.Upstreams;

public sealed class SharingTests
{
    [Fact]
    public void A_decision_without_news_is_the_former_object()
    {
        var scene = new Scene("H H X H1 Hd Ht Hs Hw0").Answered();
        var first = scene.Decide();
        Assert.Same(first, scene.Decide());
        // Equal things that are other objects are no news either.
        scene.Upstream = scene.Upstream with
        {
            Backends = Items.From(scene.Upstream.Backends.Select(backend => backend with { })),
        };
        scene.Policy = new Policy { Checks = [new Check { Probe = new TcpProbe() }] };
        Assert.Same(first, scene.Decide());
    }

    [Fact]
    public void One_changed_member_of_ten_leaves_nine_the_same_objects()
    {
        var scene = new Scene("H H H H H H H H H H").Answered();
        var before = scene.Decide();
        scene.Say("d", Verdict.Unhealthy);
        var after = scene.Decide();
        Assert.NotSame(before.Plane, after.Plane);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(i != 3, ReferenceEquals(before.Plane.Backends[i], after.Plane.Backends[i]));
            Assert.Equal(i != 3, ReferenceEquals(before.Facts[i], after.Facts[i]));
            Assert.Equal(i != 3, ReferenceEquals(before.Memory.Members[i], after.Memory.Members[i]));
            Assert.Same(before.Probes[i], after.Probes[i]);
        }
    }

    [Fact]
    public void A_member_that_moves_within_the_list_keeps_its_objects()
    {
        var scene = new Scene("H H H H").Answered();
        var before = scene.Decide();
        scene.Upstream = scene.Upstream with { Backends = Items.From(scene.Upstream.Backends.Reverse()) };
        var after = scene.Decide();
        for (var i = 0; i < 4; i++)
        {
            Assert.Same(before.Plane.Backends[i], after.Plane.Backends[3 - i]);
            Assert.Same(before.Facts[i], after.Facts[3 - i]);
            Assert.Same(before.Probes[i], after.Probes[3 - i]);
        }
    }

    [Fact]
    public void News_that_changes_no_duty_leaves_the_plane_alone()
    {
        var scene = new Scene("? H").Answered();
        var before = scene.Decide();
        scene.Say("a", Verdict.Healthy);
        var after = scene.Decide();
        Assert.NotSame(before, after);
        Assert.Same(before.Plane, after.Plane);
    }

    [Fact]
    public void A_check_that_is_added_leaves_the_questions_that_were_there_the_same_objects()
    {
        var scene = new Scene("H H").Answered();
        var before = scene.Decide();
        scene.Policy = new() { Checks = [new() { Probe = new HttpProbe() }, Snapshots.TcpCheck] };
        var after = scene.Decide();
        Assert.Equal(4, after.Probes.Count);
        Assert.Same(before.Probes[0], after.Probes[1]);
        Assert.Same(before.Probes[1], after.Probes[3]);
    }

    [Fact]
    public void Connecting_follows_the_upstream_then_the_defaults()
    {
        var scene = new Scene("H");
        var built = scene.Decide().Plane;
        Assert.Equal((TimeSpan.FromSeconds(2), 1), (built.ConnectTimeout, built.ConnectRetries));
        var defaults = new Model.Defaults { Connect = new() { Timeout = TimeSpan.FromSeconds(5) } };
        scene.Inputs = scene.Inputs with { Snapshot = Model.Snapshot.Empty with { Defaults = defaults } };
        Assert.Equal(TimeSpan.FromSeconds(5), scene.Decide().Plane.ConnectTimeout);
        scene.Upstream = scene.Upstream with
        {
            Connect = new ConnectOptions
            {
                Timeout = TimeSpan.FromSeconds(1),
                Retry = new() { Attempts = 4 },
            },
        };
        var own = scene.Decide().Plane;
        Assert.Equal((TimeSpan.FromSeconds(1), 4), (own.ConnectTimeout, own.ConnectRetries));
        Assert.Null(own.Queue);
    }

    [Fact]
    public void Queue_pause_and_budget_are_the_upstreams_or_the_defaults()
    {
        var scene = new Scene("H");
        var queue = new ConnectQueue { Size = 7 };
        var retry = new Retry
        {
            Wait = TimeSpan.FromSeconds(1),
            Budget = new() { Share = 0.2 },
        };
        var defaults = new Model.Defaults
        {
            Connect = new() { Queue = queue, Retry = retry },
        };
        scene.Inputs = scene.Inputs with { Snapshot = Model.Snapshot.Empty with { Defaults = defaults } };
        var built = scene.Decide().Plane;
        Assert.Equal((queue, retry.Wait, retry.Budget), (built.Queue, built.RetryWait, built.RetryBudget));
        scene.Upstream = scene.Upstream with { Connect = new() { Queue = new() { Size = 1 } } };
        Assert.Equal((1, retry.Wait), (scene.Decide().Plane.Queue!.Size, scene.Decide().Plane.RetryWait));
    }
}
