using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Model;
using Fulcrum.Model.Policies;
using Fulcrum.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests;

public sealed class ReconcilerTests : IAsyncDisposable
{
    private readonly FakeAdapters _adapters = new();
    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Reconciler _engine;
    private readonly Task _running;

    public ReconcilerTests()
    {
        _engine = new(_adapters, _time, NullLogger<Reconciler>.Instance);
        _running = _engine.RunAsync(_adapters, _adapters, _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        _stop.Dispose();
    }

    [Fact]
    public async Task A_snapshot_is_prepared_committed_and_then_probed()
    {
        var result = await _engine.ApplyAsync(Web(Backend("10.0.0.1")));
        Assert.True(result.Applied);
        Assert.Equal(["prepare 1", "commit 1", "probes 1"], _adapters.Journal);
    }

    [Fact]
    public async Task The_same_again_tells_nobody_anything()
    {
        await _engine.ApplyAsync(Web(Backend("10.0.0.1")));
        var told = _adapters.Journal.Count;
        Assert.True((await _engine.ApplyAsync(Web(Backend("10.0.0.1")))).Applied);
        Assert.Equal(told, _adapters.Journal.Count);
    }

    [Fact]
    public async Task A_refused_snapshot_changes_nothing_and_says_why()
    {
        await _engine.ApplyAsync(Web(Backend("10.0.0.1")));
        var before = _engine.State;
        _adapters.Refusal = FakeAdapters.Busy();
        var result = await _engine.ApplyAsync(Web(Backend("10.0.0.2")));
        Assert.False(result.Applied);
        Assert.Equal("services.web.listen[0]: address already in use", result.Problems.Single().ToString());
        Assert.Same(before, _engine.State);
        Assert.Equal("10.0.0.1:80", _adapters.Committed.Services["web"]!.Listeners[0].Upstream.Backends[0].Id);
        _adapters.Refusal = null;
        Assert.True((await _engine.ApplyAsync(Web(Backend("10.0.0.2")))).Applied);
    }

    [Fact]
    public async Task An_adapter_that_throws_does_not_end_the_loop()
    {
        _adapters.Refusal = new InvalidOperationException("bad day");
        var result = await _engine.ApplyAsync(Web(Backend("10.0.0.1")));
        Assert.Equal("bad day", result.Problems.Single().Message);
        _adapters.Refusal = null;
        Assert.True((await _engine.ApplyAsync(Web(Backend("10.0.0.1")))).Applied);
    }

    [Fact]
    public async Task News_of_health_reaches_the_plane()
    {
        await _engine.ApplyAsync(Web(Backend("10.0.0.1"), Backend("10.0.0.2")));
        _engine.OnHealth(_adapters.Probes.Keys.First(), Bad());
        await Wait.Until(() => _adapters.Committed.Generation == 2, "the plane to be told");
        Assert.Equal(BackendDuty.Rest, _adapters.Committed.Services["web"]!.Listeners[0].Upstream.Backends[0].Duty);
    }

    [Fact]
    public async Task News_that_the_plane_refuses_is_kept_and_tried_again()
    {
        await _engine.ApplyAsync(Web(Backend("10.0.0.1"), Backend("10.0.0.2")));
        _adapters.Refusal = FakeAdapters.Busy();
        var armed = _time.Armings;
        _engine.OnHealth(_adapters.Probes.Keys.First(), Bad());
        await Wait.Until(() => _time.Armings > armed, "a retry to be scheduled");
        Assert.Equal(1, _adapters.Committed.Generation);
        _adapters.Refusal = null;
        _time.Advance(TimeSpan.FromSeconds(1));
        await Wait.Until(() => _adapters.Committed.Generation == 2, "the retry");
    }

    [Fact]
    public async Task Health_of_what_nobody_asks_any_more_is_forgotten()
    {
        await _engine.ApplyAsync(Web(Backend("10.0.0.1"), Backend("10.0.0.2")));
        foreach (var task in _adapters.Probes.Keys)
        {
            _engine.OnHealth(task, Bad());
        }

        await Wait.Until(() => _adapters.Committed.Generation >= 2, "the plane to be told");
        await _engine.ApplyAsync(Web(Backend("10.0.0.3")));
        await _engine.ApplyAsync(Web(Backend("10.0.0.1")));
        Assert.Equal(BackendDuty.Serve, _adapters.Committed.Services["web"]!.Listeners[0].Upstream.Backends[0].Duty);
    }

    [Fact]
    public async Task News_that_comes_together_with_a_refused_snapshot_is_carried_out()
    {
        await _engine.ApplyAsync(Web(Backend("10.0.0.1"), Backend("10.0.0.2")));
        var gate = new TaskCompletionSource();
        _adapters.Gate = gate.Task;
        _adapters.Refused = "bad";
        var good = _engine.ApplyAsync(Web(Backend("10.0.0.1"), Backend("10.0.0.3")));
        await Wait.Until(() => _adapters.Journal.Contains("prepare 2"), "the engine to be busy");
        _engine.OnHealth(_adapters.Probes.Keys.First(), Bad());
        var web = Web(Backend("10.0.0.4"));
        var bad = _engine.ApplyAsync(
            web with
            {
                Services = web.Services.With(web.Services[0] with { Name = "bad", Listeners = [Tcp(8081)] }),
            }
        );
        gate.SetResult();
        Assert.True((await good).Applied);
        Assert.False((await bad).Applied);
        await Wait.Until(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(1));
                return _adapters.Committed.Generation == 3;
            },
            "the plane to be told of the backend"
        );
        Assert.Equal(BackendDuty.Rest, _adapters.Committed.Services["web"]!.Listeners[0].Upstream.Backends[0].Duty);
    }

    [Fact]
    public async Task Who_asks_when_the_engine_ends_gets_an_answer()
    {
        _adapters.Gate = new TaskCompletionSource().Task;
        var carriedOut = _engine.ApplyAsync(Web(Backend("10.0.0.1")));
        await Wait.Until(() => _adapters.Journal.Contains("prepare 1"), "the engine to be busy");
        var waiting = _engine.ApplyAsync(Web(Backend("10.0.0.2")));
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        var late = _engine.ApplyAsync(Web(Backend("10.0.0.3")));
        Assert.All([carriedOut, waiting, late], request => Assert.True(request.IsCanceled));
    }

    [Fact]
    public async Task A_check_that_is_asked_more_often_keeps_what_it_knew()
    {
        await _engine.ApplyAsync(Checked(TimeSpan.FromSeconds(2)));
        _engine.OnHealth(_adapters.Probes.Keys.First(), Bad());
        await Wait.Until(() => _adapters.Committed.Generation == 2, "the plane to be told");
        Assert.True((await _engine.ApplyAsync(Checked(TimeSpan.FromSeconds(1)))).Applied);
        Assert.Equal(TimeSpan.FromSeconds(1), _adapters.Probes.Keys.First().Interval);
        Assert.Equal(2, _adapters.Committed.Generation);
        Assert.Equal(BackendDuty.Rest, _engine.State.ViewsOf("web").Single().Plane.Backends[0].Duty);

        static Snapshot Checked(TimeSpan interval) =>
            Web(
                new Policy { Checks = [TcpCheck with { Timing = new() { Interval = interval } }] },
                Backend("10.0.0.1"),
                Backend("10.0.0.2")
            );
    }

    private static CheckHealth Bad() => new(Verdict.Unhealthy, DateTimeOffset.UnixEpoch, "connection refused", null);
}
