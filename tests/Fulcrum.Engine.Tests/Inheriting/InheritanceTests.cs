using System.Text;
using Fulcrum.Engine.Inheriting;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.TestKit.Simulation;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests.Inheriting;

/// <summary>One engine of a node after the other, with what the first one knew and no answer of any check.</summary>
public sealed class InheritanceTests
{
    private static readonly Snapshot Three = Web(Backend("10.0.0.1"), Backend("10.0.0.2"), Backend("10.0.0.3"));

    private readonly SimulatedNode _before = new SimulatedNode().Start();

    [Fact]
    public void Those_that_are_known_to_be_down_get_nobody_from_the_first_table_on()
    {
        Apply(_before, Three);
        Find(_before, "10.0.0.1", Verdict.Unhealthy);
        Find(_before, "10.0.0.2", Verdict.Healthy);
        var after = Next();
        Apply(after, Three);
        Assert.Equal([BackendDuty.Rest, BackendDuty.Serve, BackendDuty.Serve], Duties(after));
        Assert.Equal(Table(_before).Services["web"], Table(after).Services["web"]);
        Assert.Equal("found by the test", Health(after, "10.0.0.1").Reason);
        Assert.Equal(Verdict.Healthy, Health(after, "10.0.0.2").Verdict);
        // It is news all the same when its own check says so.
        Find(after, "10.0.0.1", Verdict.Healthy);
        Assert.All(Duties(after), duty => Assert.Equal(BackendDuty.Serve, duty));
    }

    [Fact]
    public void A_check_that_asks_something_else_begins_anew()
    {
        Apply(_before, Three);
        Find(_before, "10.0.0.1", Verdict.Unhealthy);
        var after = Next();
        Apply(after, Web(Backend("10.0.0.1", 81), Backend("10.0.0.2"), Backend("10.0.0.3")));
        Assert.All(Duties(after), duty => Assert.Equal(BackendDuty.Serve, duty));
    }

    [Fact]
    public void The_generation_goes_on()
    {
        Apply(_before, Three);
        Find(_before, "10.0.0.1", Verdict.Unhealthy);
        Find(_before, "10.0.0.1", Verdict.Healthy);
        var generation = _before.Engine.State.Generation;
        var after = Next();
        Apply(after, Three);
        Assert.Equal(generation + 1, after.Engine.State.Generation);
    }

    [Fact]
    public void Below_the_high_mark_an_upstream_that_was_up_stays_up()
    {
        var marked = Web(
            new Policy
            {
                Checks = [TcpCheck],
                Healthy = new() { AtLeast = Amount.OfCount(3), KeepWhile = Amount.OfCount(1) },
            },
            Backend("10.0.0.1"),
            Backend("10.0.0.2"),
            Backend("10.0.0.3")
        );
        Apply(_before, marked);
        foreach (var address in new[] { "10.0.0.1", "10.0.0.2", "10.0.0.3" })
        {
            Find(_before, address, Verdict.Healthy);
        }

        Find(_before, "10.0.0.1", Verdict.Unhealthy);
        Assert.Equal([BackendDuty.Rest, BackendDuty.Serve, BackendDuty.Serve], Duties(_before));
        var after = Next();
        Apply(after, marked);
        Assert.Equal([BackendDuty.Rest, BackendDuty.Serve, BackendDuty.Serve], Duties(after));

        // Whoever knows nothing of that waits for the third.
        var stranger = new SimulatedNode { Inheritance = _before.Engine.Bequeath() with { WereUp = [] } }.Start();
        Apply(stranger, marked);
        Assert.DoesNotContain(BackendDuty.Serve, Duties(stranger));
    }

    [Fact]
    public void Whoever_real_traffic_has_put_out_stays_out()
    {
        var ejecting = Three with
        {
            Upstreams = Named<Upstream>.From(
                Three.Upstreams.Select(upstream => upstream with { Eject = new() { For = TimeSpan.FromMinutes(1) } })
            ),
        };
        Apply(_before, ejecting);
        _before.Do(() =>
            _before.Engine.OnSignal(new("web", "10.0.0.2:80", _before.Time.GetUtcNow(), "5 connects failed"))
        );
        Assert.Equal(BackendDuty.Rest, Duties(_before)[1]);
        var after = Next();
        Apply(after, ejecting);
        Assert.Equal(BackendDuty.Rest, Duties(after)[1]);
        after.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(BackendDuty.Serve, Duties(after)[1]);
    }

    [Fact]
    public void Whoever_is_put_out_again_soon_is_out_for_twice_as_long()
    {
        var ejecting = Three with
        {
            Upstreams = Named<Upstream>.From(
                Three.Upstreams.Select(upstream => upstream with { Eject = new() { For = TimeSpan.FromMinutes(1) } })
            ),
        };
        Apply(_before, ejecting);
        Complain(_before);
        _before.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(BackendDuty.Serve, Duties(_before)[1]);
        var after = Next();
        Advance(after);
        Apply(after, ejecting);
        Assert.Equal(BackendDuty.Serve, Duties(after)[1]);
        Complain(after);
        after.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(BackendDuty.Rest, Duties(after)[1]);
        after.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(BackendDuty.Serve, Duties(after)[1]);

        static void Complain(SimulatedNode node) =>
            node.Do(() => node.Engine.OnSignal(new("web", "10.0.0.2:80", node.Time.GetUtcNow(), "5 connects failed")));
    }

    [Fact]
    public void Whoever_comes_back_to_its_weight_goes_on_with_that()
    {
        var slow = Three with
        {
            Upstreams = Named<Upstream>.From(
                Three.Upstreams.Select(upstream =>
                    upstream with
                    {
                        Recovery = new() { Mode = RecoveryMode.SlowStart, Ramp = TimeSpan.FromMinutes(1) },
                    }
                )
            ),
        };
        Apply(_before, slow);
        Find(_before, "10.0.0.2", Verdict.Unhealthy);
        Find(_before, "10.0.0.2", Verdict.Healthy);
        var weights = Weights(_before);
        Assert.True(weights[1] < weights[0], string.Join(", ", weights));
        var after = Next();
        Advance(after);
        Apply(after, slow);
        Assert.Equal(weights, Weights(after));
        after.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(weights[0], Weights(after)[1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"checks\":[{}]}")]
    [InlineData("{\"generation\":\"seven\"}")]
    public void What_is_not_understood_is_no_inheritance(string text) =>
        Assert.Null(InheritanceText.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void What_a_later_version_adds_is_passed_over()
    {
        var read = InheritanceText.Read("{\"generation\":7,\"later\":[1]}"u8);
        Assert.Equal(7, read!.Generation);
        Assert.Empty(read.Checks);
    }

    private SimulatedNode Next()
    {
        var text = InheritanceText.Write(_before.Engine.Bequeath());
        return new SimulatedNode { Inheritance = InheritanceText.Read(text) }.Start();
    }

    // Both live by one clock.
    private void Advance(SimulatedNode after) => after.Advance(_before.Time.GetUtcNow() - after.Time.GetUtcNow());

    private static void Apply(SimulatedNode node, Snapshot snapshot)
    {
        var result = node.Run(() => node.Engine.ApplyAsync(Source.File("edge.yaml"), snapshot, new() { By = "test" }));
        Assert.True(result.Applied, string.Join("; ", result.Problems));
    }

    private static void Find(SimulatedNode node, string address, Verdict verdict)
    {
        var task = node.Engine.State.Desired.Probes.Keys.Single(task => task.Address.ToString() == address);
        node.Do(() => node.Engine.OnHealth(task, new(verdict, node.Time.GetUtcNow(), "found by the test", null)));
        node.Advance(TimeSpan.FromSeconds(1));
    }

    private static CheckHealth Health(SimulatedNode node, string address) =>
        node.Engine.State.Inputs.Health.Single(pair => pair.Key.Address.ToString() == address).Value;

    private static PlaneTable Table(SimulatedNode node) => node.Engine.State.Desired.TableOf(PlaneKind.Proxy);

    private static int[] Weights(SimulatedNode node) =>
        [.. Table(node).Services["web"]!.Listeners[0].Upstream.Backends.Select(backend => backend.Weight)];

    private static BackendDuty[] Duties(SimulatedNode node) =>
        [.. Table(node).Services["web"]!.Listeners[0].Upstream.Backends.Select(backend => backend.Duty)];
}
