using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Sources;
using Fulcrum.TestKit.Simulation;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests.Events;

/// <summary>What a node tells of what happens to it.</summary>
public sealed class StateEventTests
{
    private readonly SimulatedNode _node = new SimulatedNode().Start();
    private long _seen;

    [Fact]
    public void A_new_configuration_is_told_with_its_services_and_not_with_each_backend()
    {
        Apply(Web(Backend("10.0.0.1"), Backend("10.0.0.2")));
        Assert.Equal(["Service service/web - > unknown", "Configuration source/file edge.yaml - > applied"], News());
    }

    [Fact]
    public void The_death_of_a_backend_is_told_once_and_so_is_its_return()
    {
        Apply(Web(Backend("10.0.0.1"), Backend("10.0.0.2")));
        Report("10.0.0.1", Verdict.Healthy);
        Report("10.0.0.2", Verdict.Healthy);
        News();
        Report("10.0.0.2", Verdict.Unhealthy);
        Assert.Equal(["Backend backend/web/10.0.0.2:80 serving > unhealthy"], News());
        Report("10.0.0.1", Verdict.Unhealthy);
        Assert.Equal(
            ["Backend backend/web/10.0.0.1:80 serving > unhealthy", "Service service/web healthy > unhealthy"],
            News().Order(StringComparer.Ordinal)
        );
        Report("10.0.0.2", Verdict.Healthy);
        Assert.Contains("Backend backend/web/10.0.0.2:80 unhealthy > serving", News());
    }

    [Fact]
    public void Members_that_come_and_go_are_told()
    {
        Apply(Web(Backend("10.0.0.1"), Backend("10.0.0.2")));
        News();
        Apply(Web(Backend("10.0.0.2"), Backend("10.0.0.3")));
        var news = News();
        Assert.Contains(news, one => one.StartsWith("Backend backend/web/10.0.0.3:80 - > ", StringComparison.Ordinal));
        Assert.DoesNotContain(news, one => one.Contains("10.0.0.2", StringComparison.Ordinal));
        Assert.Contains(news, one => one.StartsWith("Backend backend/web/10.0.0.1:80 ", StringComparison.Ordinal));
    }

    [Fact]
    public void Another_policy_is_no_news_of_the_backends()
    {
        Apply(Web(Policy.Unset, Backend("10.0.0.1")));
        News();
        Apply(
            Web(
                new Policy { Balance = new() { Algorithm = Model.Upstreams.BalanceAlgorithm.LeastConnections } },
                Backend("10.0.0.1")
            )
        );
        Assert.DoesNotContain(News(), one => one.StartsWith("Backend", StringComparison.Ordinal));
    }

    [Fact]
    public void Decisions_and_what_follows_from_them_are_told()
    {
        Apply(Web(Policy.Unset, Backend("10.0.0.1"), Backend("10.0.0.2")));
        News();
        var target = new OverrideTarget(OverrideTargetKind.Backend, "web/10.0.0.1:80");
        var decision = new Override
        {
            Target = target,
            Action = OverrideAction.Drain,
            Owner = "alice",
            Reason = "disk",
            Since = _node.Time.GetUtcNow(),
        };
        _node.Run(() => _node.Engine.OverrideAsync(decision, CancellationToken.None));
        Assert.Equal(
            [
                "Backend backend/web/10.0.0.1:80 serving > draining",
                "Override override/backend/web/10.0.0.1:80 - > drain",
            ],
            News()
        );
        _node.Run(() => _node.Engine.ClearOverrideAsync(target, CancellationToken.None));
        Assert.Contains("Override override/backend/web/10.0.0.1:80 drain > -", News());
    }

    [Fact]
    public void A_decision_about_a_backend_of_an_upstream_with_a_slash_is_carried_out_at_once()
    {
        var web = Web(Policy.Unset, Backend("10.0.0.1"));
        Apply(
            web with
            {
                Upstreams = Model.Values.Named<Model.Upstreams.Upstream>.From([
                    web.Upstreams[0] with
                    {
                        Name = "prod/web",
                    },
                ]),
                Services = web.Services.With(web.Services[0] with { Upstream = "prod/web" }),
            }
        );
        var decision = new Override
        {
            Target = new(OverrideTargetKind.Backend, "prod/web/10.0.0.1:80"),
            Action = OverrideAction.Drain,
            Owner = "alice",
            Since = _node.Time.GetUtcNow(),
        };
        _node.Run(() => _node.Engine.OverrideAsync(decision, CancellationToken.None));
        Assert.Contains("Backend backend/prod/web/10.0.0.1:80 serving > draining", News());
    }

    [Fact]
    public void A_plane_that_refuses_is_told_when_it_begins_and_when_it_ends()
    {
        Apply(Web(Backend("10.0.0.1"), Backend("10.0.0.2")));
        News();
        _node.Told.Before = (entry, _) =>
            entry.StartsWith("proxy: prepare", StringComparison.Ordinal)
                ? throw new InvalidOperationException("no room")
                : ValueTask.CompletedTask;
        Report("10.0.0.2", Verdict.Unhealthy);
        Assert.Contains("Trouble plane/proxy standing > failing", News());
        _node.Advance(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain("Trouble plane/proxy standing > failing", News());
        _node.Told.Before = (_, _) => ValueTask.CompletedTask;
        _node.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("Trouble plane/proxy failing > standing", News());
    }

    private List<string> News()
    {
        var (events, missed) = _node.Engine.Events.After(_seen, 1000);
        Assert.Equal(0, missed);
        _seen += events.Count;
        return [.. events.Select(one => $"{one.Kind} {one.Subject} {one.From ?? "-"} > {one.To ?? "-"}")];
    }

    private void Apply(Snapshot snapshot) =>
        Assert.True(
            _node.Run(() => _node.Engine.ApplyAsync(Source.File("edge.yaml"), snapshot, new() { By = "test" })).Applied
        );

    private void Report(string address, Verdict verdict)
    {
        var task = _node.Engine.State.Desired.Probes.Keys.Single(probe =>
            probe.Target.StartsWith(address + ":", StringComparison.Ordinal)
        );
        _node.Do(() => _node.Engine.OnHealth(task, new(verdict, _node.Time.GetUtcNow(), "found", null)));
        _node.Advance(TimeSpan.FromSeconds(1));
    }
}
