using System.Collections.Concurrent;
using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Scheduling;
using Fulcrum.Health.Tests.Adversaries;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;

namespace Fulcrum.Health.Tests;

/// <summary>A prober on a clock that only the test moves, and all that it reports, with the time of it.</summary>
internal sealed class ProberRig : IHealthListener, IDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(2500);
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>A timer never fires in the turn that set it.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public ProberRig(ProberOptions? options = null) =>
        Prober = new(this, Time, Seeds.NewRandom(), options ?? new ProberOptions());

    // Certificates are judged by the wall clock.
    public ManualTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    public Prober Prober { get; }

    public ConcurrentQueue<News> Heard { get; } = [];

    /// <summary>Is called on the loop for each report.</summary>
    public Action<News>? OnNews { get; set; }

    public static ProbeTask TaskFor(ProbeSpec probe, EndPoint target) =>
        new()
        {
            Probe = probe,
            Address = target is IPEndPoint { Address: var address } ? address : IPAddress.Loopback,
            Port = target is IPEndPoint { Port: var port } ? port : 0,
            Path = target is IPEndPoint ? null : target.ToString(),
            Interval = Interval,
            Timeout = Timeout,
            Rise = 2,
            Fall = 3,
        };

    public void Dispose() => Prober.Dispose();

    void IHealthListener.OnHealth(ProbeTask task, CheckHealth health)
    {
        var news = new News(task, health, Time.Elapsed);
        Heard.Enqueue(news);
        OnNews?.Invoke(news);
    }

    public void Ask(params ProbeTask[] tasks) => Prober.Apply(Map.SetOf<ProbeTask>(tasks));

    /// <summary>Asks, and moves time to where the first begins.</summary>
    public async Task Begin(params ProbeTask[] tasks)
    {
        Ask(tasks);
        await Settle();
        Time.Advance(Tick);
        await Settle();
    }

    /// <summary>
    /// Waits until the loop has done all that it has to do now: in the second of two turns its alarm is set for what
    /// the first one left.
    /// </summary>
    public async Task Settle()
    {
        _ = await Prober.CountAsync();
        _ = await Prober.CountAsync();
    }

    /// <summary>Moves time from timer to timer, whenever nothing else can happen, until the end comes.</summary>
    /// <param name="isIdle">Nobody but the clock has anything to do.</param>
    public Task RunUntil(Func<Task<bool>> isEnd, Func<bool> isIdle, string what)
    {
        var end = Time.Elapsed + Longest;
        return Wait.Until(
            async () =>
            {
                while (true)
                {
                    var wasIdle = isIdle();
                    await Settle();
                    if (await isEnd())
                    {
                        return true;
                    }

                    if (!wasIdle || !isIdle())
                    {
                        return false;
                    }

                    Assert.True(Time.Elapsed < end, $"an hour of virtual time without {what}");
                    // A loop that has always something to read sets no alarm.
                    Time.Advance(Time.UntilNextTimer ?? Tick);
                }
            },
            what,
            Patience
        );
    }

    public async Task<News> NewsOf(ProbeTask task, Func<bool>? isIdle = null)
    {
        News? found = null;
        await RunUntil(
            () => Task.FromResult((found = Heard.FirstOrDefault(news => news.Task == task)) is not null),
            isIdle ?? (() => true),
            $"news of {task}"
        );
        return found!;
    }

    public async Task<CheckReport> Report(ProbeTask task) =>
        Assert.Single(await Prober.ReadAsync(other => other == task, TestContext.Current.CancellationToken));

    /// <summary>Moves time until the check has had so many results.</summary>
    /// <param name="server">Whom it asks: while it does, time stands until he has done what he does.</param>
    public async Task<CheckReport> Results(ProbeTask task, long count, Adversary? server = null)
    {
        CheckReport? report = null;
        await RunUntil(
            async () => (report = await Report(task)).Results >= count,
            () =>
                server is null
                || report?.Activity == CheckActivity.Waiting
                || (server.IsIdle && server.Met > report?.Results),
            $"{count} results of {task}"
        );
        return report!;
    }
}

/// <summary>What was reported, and when after the beginning.</summary>
internal sealed record News(ProbeTask Task, CheckHealth Health, TimeSpan At);
