using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Model;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Sources;
using Fulcrum.TestKit.Simulation;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests.Reconciling;

public sealed class ReconcilerTests
{
    private static readonly Source File = new(SourceKind.File, "edge.yaml");

    private readonly SimulatedNode _node = new SimulatedNode().Start();

    [Fact]
    public void A_snapshot_is_prepared_committed_and_then_probed()
    {
        Assert.True(Apply(Web(Backend("10.0.0.1"))).Applied);
        Assert.Equal(
            [
                "proxy: prepare 1",
                "proxy: commit 1",
                "proxy: + backend web web/10.0.0.1:80@10.0.0.1 serve weight 1",
                "proxy: + service web",
                "probe: + tcp 10.0.0.1:80",
            ],
            _node.Told.Entries
        );
    }

    [Fact]
    public void The_same_again_tells_nobody_anything()
    {
        Apply(Web(Backend("10.0.0.1")));
        _node.Told.Clear();
        Assert.True(Apply(Web(Backend("10.0.0.1"))).Applied);
        Assert.Empty(_node.Told.Entries);
    }

    [Fact]
    public void A_refused_snapshot_changes_nothing_and_says_why()
    {
        Apply(Web(Backend("10.0.0.1")));
        var before = _node.Engine.State;
        Fail("proxy: prepare", Busy());
        var result = Apply(Web(Backend("10.0.0.2")));
        Assert.False(result.Applied);
        Assert.Equal("services.web.listen[0]: address already in use", result.Problems.Single().ToString());
        Assert.Same(before, _node.Engine.State);
        Assert.Equal("10.0.0.1:80", Member(0).Id);
        Heal();
        Assert.True(Apply(Web(Backend("10.0.0.2"))).Applied);
    }

    [Fact]
    public void One_plane_that_refuses_keeps_the_others_from_switching_over()
    {
        var kernel = PlaneOffer.Ipvs;
        var node = new SimulatedNode("lb1", 1, PlaneOffer.Proxy, kernel).Start();
        var web = Web(Backend("10.0.0.1"));
        var both = web with
        {
            Services = web.Services.With(
                web.Services[0] with
                {
                    Name = "nat",
                    Listeners = [Tcp(8081)],
                    Policy = new() { Forward = Model.Services.Forwarding.Nat },
                }
            ),
        };
        node.Told.Before = (entry, _) =>
            entry.StartsWith("ipvs: prepare", StringComparison.Ordinal)
                ? throw new InvalidOperationException("no such module")
                : ValueTask.CompletedTask;
        var result = node.Run(() => node.Engine.ApplyAsync(File, both, new() { By = "test" }));
        Assert.Equal("no such module", result.Problems.Single().Message);
        Assert.Equal(["proxy: prepare 1", "proxy: abort 1"], node.Told.Entries);
        node.Told.Before = (_, _) => ValueTask.CompletedTask;
        Assert.True(node.Run(() => node.Engine.ApplyAsync(File, both, new() { By = "test" })).Applied);
        Assert.True(node.Planes[1].Table.Services.ContainsKey("nat"));
    }

    [Fact]
    public void A_plane_that_lacks_something_is_looked_at_again_until_it_is_there()
    {
        var lacking = PlaneOffer.Ipvs with { Unavailable = "the kernel has no ip_vs" };
        var node = new SimulatedNode("lb1", 1, PlaneOffer.Proxy, lacking).Start();
        var web = Web(new Policy { Forward = Model.Services.Forwarding.Nat }, Backend("10.0.0.1"));
        var listener = web.Services[0].Listeners[0] with { Address = IPAddress.Parse("192.0.2.1") };
        web = web with { Services = web.Services.With(web.Services[0] with { Listeners = [listener] }) };
        Assert.True(node.Run(() => node.Engine.ApplyAsync(File, web, new() { By = "test" })).Applied);
        node.Advance(TimeSpan.FromMinutes(1));
        Assert.True(node.Planes[1].Table.Services.IsEmpty);
        Assert.InRange(node.Planes[1].Searches, 4, 6);

        // Somebody loads the module.
        node.Planes[1].Found = PlaneOffer.Ipvs;
        node.Advance(TimeSpan.FromSeconds(15));
        Assert.True(node.Planes[1].Table.Services.ContainsKey("web"));
        var searches = node.Planes[1].Searches;
        node.Advance(TimeSpan.FromHours(1));
        Assert.Equal(searches, node.Planes[1].Searches);
    }

    [Fact]
    public void An_adapter_that_throws_does_not_end_the_loop()
    {
        Fail("proxy: prepare", new InvalidOperationException("bad day"));
        Assert.Equal("bad day", Apply(Web(Backend("10.0.0.1"))).Problems.Single().Message);
        Heal();
        Assert.True(Apply(Web(Backend("10.0.0.1"))).Applied);
    }

    [Fact]
    public void News_of_a_death_reaches_the_plane_without_time_passing()
    {
        Apply(Web(Backend("10.0.0.1"), Backend("10.0.0.2")));
        Report("10.0.0.1", Verdict.Unhealthy);
        Assert.Equal(BackendDuty.Rest, Member(0).Duty);
        Assert.Equal(2, _node.Plane.Table.Generation);
    }

    [Fact]
    public void Good_news_is_gathered()
    {
        Apply(Web(Backend("10.0.0.1"), Backend("10.0.0.2")));
        Report("10.0.0.1", Verdict.Unhealthy);
        Report("10.0.0.2", Verdict.Unhealthy);
        var generation = _node.Plane.Table.Generation;
        Report("10.0.0.1", Verdict.Healthy);
        Report("10.0.0.2", Verdict.Healthy);
        Assert.Equal(generation, _node.Plane.Table.Generation);
        _node.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(generation + 1, _node.Plane.Table.Generation);
        Assert.Equal((BackendDuty.Serve, BackendDuty.Serve), (Member(0).Duty, Member(1).Duty));
    }

    [Fact]
    public void News_that_the_plane_refuses_is_kept_and_tried_again_later_and_later()
    {
        Apply(Web(Backend("10.0.0.1"), Backend("10.0.0.2")));
        Fail("proxy: prepare", Busy());
        Report("10.0.0.1", Verdict.Unhealthy);
        Assert.Equal(1, _node.Plane.Table.Generation);
        var first = _node.Engine.Status.Single();
        Assert.Equal((ObjectCondition.Failing, 1), (first.Condition, first.Failures));
        Assert.Contains("address already in use", first.Reason, StringComparison.Ordinal);
        _node.Advance(first.RetryAt!.Value - _node.Time.GetUtcNow());
        var second = _node.Engine.Status.Single();
        Assert.Equal(2, second.Failures);
        Assert.True(second.RetryAt - _node.Time.GetUtcNow() > TimeSpan.FromSeconds(1.4));
        Heal();
        _node.Advance(second.RetryAt!.Value - _node.Time.GetUtcNow());
        Assert.Equal(2, _node.Plane.Table.Generation);
        Assert.Equal(ObjectCondition.Standing, _node.Engine.Status.Single().Condition);
    }

    [Fact]
    public void Health_of_what_nobody_asks_any_more_is_forgotten()
    {
        Apply(Web(Backend("10.0.0.1"), Backend("10.0.0.2")));
        Report("10.0.0.1", Verdict.Unhealthy);
        Report("10.0.0.2", Verdict.Unhealthy);
        Apply(Web(Backend("10.0.0.3")));
        Apply(Web(Backend("10.0.0.1")));
        Assert.Equal(
            BackendDuty.Serve,
            _node.Plane.Table.Services["web"]!
                .Listeners[0]
                .Upstream.Backends.First(member => member.Id == "10.0.0.1:80")
                .Duty
        );
    }

    [Fact]
    public void A_death_goes_before_a_configuration_that_came_earlier()
    {
        Apply(Web(Backend("10.0.0.1"), Backend("10.0.0.2")));
        var task = TaskOf("10.0.0.1");
        _node.Told.Clear();
        var applied = _node.Begin(() =>
        {
            var answer = _node.Engine.ApplyAsync(
                File,
                Web(Backend("10.0.0.1"), Backend("10.0.0.2"), Backend("10.0.0.3")),
                new() { By = "test" }
            );
            _node.Engine.OnHealth(task, Found(Verdict.Unhealthy));
            return answer;
        });
        Assert.True(applied.IsCompletedSuccessfully);
        var told = _node.Told.Entries.ToList();
        Assert.True(
            told.FindIndex(line => line.Contains("10.0.0.1 rest", StringComparison.Ordinal))
                < told.FindIndex(line => line.Contains("+ backend web web/10.0.0.3", StringComparison.Ordinal)),
            string.Join('\n', told)
        );
    }

    [Fact]
    public void Who_asks_when_the_engine_ends_gets_an_answer()
    {
        Apply(Web(Backend("10.0.0.1")));
        Assert.True(_node.Stop(TimeSpan.FromSeconds(10)));
        var late = _node.Begin(() => _node.Engine.ApplyAsync(File, Web(Backend("10.0.0.3")), new() { By = "test" }));
        Assert.True(late.IsCanceled);
    }

    [Fact]
    public void A_check_that_is_asked_more_often_keeps_what_it_knew()
    {
        Apply(Checked(TimeSpan.FromSeconds(2)));
        Report("10.0.0.1", Verdict.Unhealthy);
        Assert.True(Apply(Checked(TimeSpan.FromSeconds(1))).Applied);
        Assert.Equal(TimeSpan.FromSeconds(1), TaskOf("10.0.0.1").Interval);
        Assert.Equal(2, _node.Plane.Table.Generation);
        Assert.Equal(BackendDuty.Rest, Member(0).Duty);

        static Snapshot Checked(TimeSpan interval) =>
            Web(
                new Policy { Checks = [TcpCheck with { Timing = new() { Interval = interval } }] },
                Backend("10.0.0.1"),
                Backend("10.0.0.2")
            );
    }

    [Fact]
    public void A_change_that_nobody_confirms_is_taken_back()
    {
        Apply(Web(Backend("10.0.0.1")));
        var order = new ApplyOrder { By = "alice", ConfirmWithin = TimeSpan.FromSeconds(60) };
        var result = _node.Run(() => _node.Engine.ApplyAsync(File, Web(Backend("10.0.0.2")), order));
        Assert.Equal(_node.Time.GetUtcNow() + TimeSpan.FromSeconds(60), result.ConfirmBy);
        Assert.Contains(
            "waits for its confirmation",
            Apply(Web(Backend("10.0.0.9"))).Problems[0].Message,
            StringComparison.Ordinal
        );
        _node.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("10.0.0.2:80", Member(0).Id);
        _node.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("10.0.0.1:80", Member(0).Id);
        Assert.Null(_node.Engine.ConfirmBy);
    }

    [Fact]
    public void A_change_that_cannot_be_taken_back_yet_is_taken_back_later()
    {
        Apply(Web(Backend("10.0.0.1")));
        var order = new ApplyOrder { By = "alice", ConfirmWithin = TimeSpan.FromSeconds(60) };
        Assert.True(_node.Run(() => _node.Engine.ApplyAsync(File, Web(Backend("10.0.0.2")), order)).Applied);
        Fail("proxy: prepare", Busy());
        _node.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("10.0.0.2:80", Member(0).Id);
        Assert.NotNull(_node.Engine.ConfirmBy);
        Heal();
        _node.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("10.0.0.1:80", Member(0).Id);
        Assert.Null(_node.Engine.ConfirmBy);
    }

    [Fact]
    public void A_decision_may_last_longer_than_timers_can()
    {
        Apply(Web(Backend("10.0.0.1")));
        var decision = new Override
        {
            Target = new(OverrideTargetKind.Service, "web"),
            Action = OverrideAction.Drain,
            Owner = "alice",
            Since = _node.Time.GetUtcNow(),
            Expires = _node.Time.GetUtcNow() + TimeSpan.FromDays(60),
        };
        Assert.Null(_node.Run(() => _node.Engine.OverrideAsync(decision, CancellationToken.None)));
        Assert.Empty(_node.Plane.Table.Services);
        _node.Advance(TimeSpan.FromDays(59));
        Assert.Empty(_node.Plane.Table.Services);
        _node.Advance(TimeSpan.FromDays(2));
        Assert.Single(_node.Plane.Table.Services);
    }

    [Fact]
    public void A_service_that_is_refused_holds_up_no_other()
    {
        var web = Web(Backend("10.0.0.1"), Backend("10.0.0.2"));
        var other = web.Services[0] with { Name = "other", Listeners = [Tcp(8081)] };
        Apply(web with { Services = web.Services.With(other) });
        var disabled = new Override
        {
            Target = new(OverrideTargetKind.Service, "other"),
            Action = OverrideAction.Disable,
            Owner = "alice",
            Since = _node.Time.GetUtcNow(),
        };
        Assert.Null(_node.Run(() => _node.Engine.OverrideAsync(disabled, CancellationToken.None)));

        // Somebody takes the port meanwhile.
        var problem = new Problem { Path = "services.other.listen[0]", Message = "address already in use" };
        _node.Plane.Refuses = table => table.Services.ContainsKey("other") ? [problem] : [];
        Assert.True(_node.Run(() => _node.Engine.ClearOverrideAsync(disabled.Target, CancellationToken.None)));
        Assert.Equal(["web"], _node.Plane.Table.Services.Keys);
        var status = Assert.Single(_node.Engine.Status, status => status.Kind == "plane");
        Assert.Equal("services.other.listen[0]: address already in use", status.Reason);

        Report("10.0.0.1", Verdict.Unhealthy);
        Assert.Equal(BackendDuty.Rest, Member(0).Duty);
        _node.Plane.Refuses = _ => [];
        _node.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(2, _node.Plane.Table.Services.Count);
        Assert.DoesNotContain(_node.Engine.Status, status => status.Condition == ObjectCondition.Failing);
    }

    [Fact]
    public void More_requests_than_the_engine_takes_are_refused_and_the_others_answered()
    {
        var hang = new TaskCompletionSource();
        _node.Told.Before = (_, _) => new(hang.Task);
        var asked = Enumerable
            .Range(1, 100)
            .Select(_ =>
                _node.Begin(() => _node.Engine.ApplyAsync(File, Web(Backend("10.0.0.1")), new() { By = "test" }))
            )
            .ToList();
        Assert.Equal(
            35,
            asked.Count(answer => answer is { IsFaulted: true, Exception.InnerException: EngineBusyException })
        );
        Heal();
        _node.Do(hang.SetResult);
        Assert.Equal(65, asked.Count(answer => answer is { IsCompletedSuccessfully: true, Result.Applied: true }));
    }

    [Fact]
    public void A_confirmed_change_stays()
    {
        Apply(Web(Backend("10.0.0.1")));
        Assert.False(_node.Run(_node.Engine.ConfirmAsync));
        var order = new ApplyOrder { By = "alice", ConfirmWithin = TimeSpan.FromSeconds(60) };
        _node.Run(() => _node.Engine.ApplyAsync(File, Web(Backend("10.0.0.2")), order));
        Assert.True(_node.Run(_node.Engine.ConfirmAsync));
        _node.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("10.0.0.2:80", Member(0).Id);
    }

    private ApplyResult Apply(Snapshot snapshot) =>
        _node.Run(() => _node.Engine.ApplyAsync(File, snapshot, new() { By = "test" }));

    private void Report(string address, Verdict verdict)
    {
        var task = TaskOf(address);
        _node.Do(() => _node.Engine.OnHealth(task, Found(verdict)));
    }

    private ProbeTask TaskOf(string address) =>
        _node.Seekers.Probes.Keys.Single(task => task.Address.Equals(IPAddress.Parse(address)));

    private PlaneBackend Member(int index) => _node.Plane.Table.Services["web"]!.Listeners[0].Upstream.Backends[index];

    private void Fail(string operation, Exception failure) =>
        _node.Told.Before = (entry, _) =>
            entry.StartsWith(operation, StringComparison.Ordinal) ? throw failure : ValueTask.CompletedTask;

    private void Heal() => _node.Told.Before = (_, _) => ValueTask.CompletedTask;

    private static PlaneRefusedException Busy() =>
        new([new Problem { Path = "services.web.listen[0]", Message = "address already in use" }]);

    private static CheckHealth Found(Verdict verdict) =>
        new(verdict, DateTimeOffset.UnixEpoch, verdict == Verdict.Unhealthy ? "connection refused" : "connected", null);
}
