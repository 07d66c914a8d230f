using System.Net;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Engine.Sources;
using Fulcrum.Model;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using Fulcrum.TestKit.Simulation;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests.Reconciling;

/// <summary>What a former run left, and what others meddle with.</summary>
public sealed class RestartTests
{
    private static readonly Source File = Source.File("edge.yaml");
    private static readonly IPAddress Address = IPAddress.Parse("192.0.2.80");
    private static readonly OverrideTarget Target = new(OverrideTargetKind.Service, "web");
    private readonly SimulatedNode _node = new SimulatedNode().Start();

    [Theory]
    [InlineData(null, null)]
    [InlineData("a reason", 60)]
    public void An_override_outlives_a_restart_whatever_it_leaves_open(string? reason, int? seconds)
    {
        Apply(Raised());
        var decision = Drained() with { Reason = reason, Expires = seconds is { } left ? Later(left) : null };
        Assert.Null(_node.Run(() => _node.Engine.OverrideAsync(decision, CancellationToken.None)));
        Restart();
        Assert.Empty(_node.Engine.Restored);
        Assert.Equal(decision, _node.Engine.State.Inputs.Overrides[Target]);
        Assert.True(_node.Run(() => _node.Engine.ClearOverrideAsync(Target, CancellationToken.None)));
        Assert.Null(_node.Engine.State.Inputs.Overrides[Target]);
    }

    [Fact]
    public void An_address_that_a_former_run_raised_stays_until_a_configuration_does_not_want_it()
    {
        Apply(Raised());
        Assert.Single(_node.Addresses.Present);
        _node.Told.Clear();
        Restart();
        _node.Advance(TimeSpan.FromMinutes(2));
        Apply(Raised());
        Assert.DoesNotContain(_node.Told.Entries, line => line.StartsWith("address:", StringComparison.Ordinal));
        Apply(Raised() with { Vips = Named<Vip>.Empty });
        Assert.Empty(_node.Addresses.Present);
    }

    [Fact]
    public void Objects_of_the_API_come_back_although_a_live_source_speaks_first()
    {
        Apply(Raised());
        ChangeVip("203.0.113.1");
        Restart();
        _node.Run(() => _node.Engine.FollowSourceAsync(new(SourceKind.Kubernetes, "k"), Snapshot.Empty));
        Apply(Raised());
        Assert.NotNull(_node.Engine.Book.Snapshot.Vips.Find("api"));
    }

    [Fact]
    public void A_transaction_before_the_first_file_is_about_what_the_API_made_before()
    {
        ChangeVip("203.0.113.1");
        Restart();
        var removal = ObjectChange.Remove("vips", "api");
        Assert.True(_node.Run(() => _node.Engine.ChangeObjectsAsync([removal], new() { By = "test" })).Applied);
        Restart();
        Apply(Raised());
        Assert.Null(_node.Engine.Book.Snapshot.Vips.Find("api"));
    }

    [Fact]
    public void What_failed_and_is_no_longer_wanted_is_not_tried_without_end()
    {
        Apply(Raised());
        _node.Told.Before = (entry, _) =>
            entry.StartsWith("address: ~", StringComparison.Ordinal)
                ? throw new InvalidOperationException("bad day")
                : ValueTask.CompletedTask;
        Apply(Raised(TimeSpan.FromSeconds(9)));
        Assert.Contains(_node.Engine.Status, status => status.Condition == ObjectCondition.Failing);
        Apply(Raised());
        Assert.DoesNotContain(_node.Engine.Status, status => status.Condition == ObjectCondition.Failing);
        _node.Advance(TimeSpan.FromSeconds(20));
        Assert.NotEqual(TimeSpan.Zero, _node.Time.UntilNextTimer);
    }

    [Fact]
    public void Nothing_is_tried_while_what_is_there_cannot_be_read()
    {
        _node.Told.Before = (entry, _) =>
            entry.StartsWith("address:", StringComparison.Ordinal)
                ? throw new InvalidOperationException("bad day")
                : ValueTask.CompletedTask;
        Apply(Raised());
        for (var i = 0; i < 60; i++)
        {
            _node.Advance(TimeSpan.FromSeconds(1));
            Assert.NotEqual(TimeSpan.Zero, _node.Time.UntilNextTimer);
        }
    }

    [Fact]
    public void A_service_that_is_disabled_and_moved_at_once_leaves_after_its_address()
    {
        Apply(Raised());
        var told = Apply(Elsewhere()).ToList();
        var (lowered, left) = (told.IndexOf($"address: - {Address}"), told.IndexOf("proxy: - service web"));
        Assert.True(lowered >= 0 && lowered < left, string.Join('\n', told));
    }

    private static Snapshot Raised(TimeSpan? lifetime = null)
    {
        var web = Snapshots.Web(Policy.Unset, Backend("10.0.0.1"));
        return web with
        {
            Services = web.Services.With(web.Services[0] with { Listeners = [Tcp(80) with { Address = Address }] }),
            Vips = Named<Vip>.From([
                new()
                {
                    Name = "web",
                    Addresses = [InterfaceAddress.Single(Address)],
                    Lifetime = lifetime,
                },
            ]),
        };
    }

    private static Snapshot Elsewhere()
    {
        var raised = Raised();
        Service moved = raised.Services[0] with { Enabled = false, Listeners = [Tcp(80)] };
        return raised with { Services = raised.Services.With(moved) };
    }

    private Override Drained() =>
        new()
        {
            Target = Target,
            Action = OverrideAction.Drain,
            Owner = "alice",
            Since = _node.Time.GetUtcNow(),
        };

    private DateTimeOffset Later(int seconds) => _node.Time.GetUtcNow() + TimeSpan.FromSeconds(seconds);

    private void Restart()
    {
        _node.Kill(new Random(1));
        _node.Start();
    }

    private void ChangeVip(string address)
    {
        var vip = new Vip { Name = "api", Addresses = [InterfaceAddress.Single(IPAddress.Parse(address))] };
        var changes = new[] { ObjectChange.Put(vip) };
        Assert.True(_node.Run(() => _node.Engine.ChangeObjectsAsync(changes, new() { By = "test" })).Applied);
    }

    private IEnumerable<string> Apply(Snapshot snapshot)
    {
        var before = _node.Told.Entries.Count;
        Assert.True(_node.Run(() => _node.Engine.ApplyAsync(File, snapshot, new() { By = "test" })).Applied);
        return _node.Told.Entries.Skip(before);
    }
}
