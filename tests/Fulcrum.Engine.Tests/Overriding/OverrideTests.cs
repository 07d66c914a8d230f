using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Sources;
using Fulcrum.TestKit.Simulation;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests.Overriding;

public sealed class OverrideTests
{
    private readonly SimulatedNode _node = Started(new());

    [Fact]
    public void A_decision_outlives_kill_and_restart_with_all_that_was_said()
    {
        var decision = Decision("backend/web/10.0.0.1:80", OverrideAction.Drain) with
        {
            Reason = "disk",
            Expires = _node.Time.GetUtcNow() + TimeSpan.FromHours(2),
        };
        Assert.Null(Decide(decision));
        Assert.Null(Decide(Decision("host/10.0.0.2", OverrideAction.Weight) with { Weight = 7 }));
        _node.Kill(new Random(1));
        Started(_node);
        Assert.Equal(decision, _node.Engine.State.Inputs.Overrides[decision.Target]);
        Assert.Equal((BackendDuty.Drain, 7), (Member(0).Duty, Member(1).Weight));
        Assert.Empty(_node.Engine.Restored);
    }

    [Fact]
    public void A_decision_that_expires_counts_no_more_and_leaves_the_journal()
    {
        Decide(Decision("backend/web/10.0.0.1:80", OverrideAction.Drain) with { Expires = In(TimeSpan.FromHours(2)) });
        _node.Advance(TimeSpan.FromHours(2) - TimeSpan.FromSeconds(1));
        Assert.Equal(BackendDuty.Drain, Member(0).Duty);
        _node.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(BackendDuty.Serve, Member(0).Duty);
        Assert.Empty(_node.Engine.State.Inputs.Overrides);
        _node.Kill(new Random(1));
        Started(_node);
        Assert.Empty(_node.Engine.State.Inputs.Overrides);
    }

    [Fact]
    public void A_decision_that_cannot_be_kept_is_not_made()
    {
        _node.Disk.FailNextFlush();
        var kept = _node.Begin(() =>
            _node.Engine.OverrideAsync(Decision("service/web", OverrideAction.Disable), CancellationToken.None)
        );
        Assert.IsType<JournalException>(kept.Exception!.InnerException);
        Assert.Empty(_node.Engine.State.Inputs.Overrides);
        Assert.True(_node.Plane.Table.Services.ContainsKey("web"));
    }

    [Fact]
    public void Disabling_a_service_ends_its_sessions_before_it_goes_and_enabling_brings_it_back()
    {
        Decide(Decision("service/web", OverrideAction.Disable));
        Assert.False(_node.Plane.Table.Services.ContainsKey("web"));
        Assert.Equal(
            2,
            _node.Told.Entries.Count(entry => entry.StartsWith("proxy: commit", StringComparison.Ordinal)) - 1
        );
        var cleared = _node.Run(() =>
            _node.Engine.ClearOverrideAsync(new(OverrideTargetKind.Service, "web"), CancellationToken.None)
        );
        Assert.True(cleared);
        Assert.True(_node.Plane.Table.Services.ContainsKey("web"));
    }

    [Theory]
    [InlineData("backend/web/10.0.0.3:80", "there is no backend 'web/10.0.0.3:80'")]
    [InlineData("service/wep", "there is no service 'wep'")]
    [InlineData("host/10.0.0.9", "there is no host '10.0.0.9'")]
    [InlineData("node/lb9", "there is no node 'lb9'")]
    [InlineData("upstream/w", "there is no upstream 'w'")]
    public void A_decision_about_nothing_is_refused(string target, string message) =>
        Assert.Equal(message, Decide(Decision(target, OverrideAction.Drain))!.Message);

    private Problem? Decide(Override decision) =>
        _node.Run(() => _node.Engine.OverrideAsync(decision, CancellationToken.None));

    private Override Decision(string target, OverrideAction action)
    {
        Assert.True(OverrideTarget.TryParse(target, out var parsed));
        return new()
        {
            Target = parsed,
            Action = action,
            Owner = "alice",
            Since = _node.Time.GetUtcNow(),
        };
    }

    private DateTimeOffset In(TimeSpan time) => _node.Time.GetUtcNow() + time;

    private PlaneBackend Member(int index) => _node.Plane.Table.Services["web"]!.Listeners[0].Upstream.Backends[index];

    private static SimulatedNode Started(SimulatedNode node)
    {
        node.Start();
        var applied = node.Run(() =>
            node.Engine.ApplyAsync(
                Source.File("web.yaml"),
                Web(Backend("10.0.0.1"), Backend("10.0.0.2")),
                new() { By = "test" }
            )
        );
        Assert.Empty(applied.Problems);
        return node;
    }
}
