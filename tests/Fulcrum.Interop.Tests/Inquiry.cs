using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Scheduling;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Interop.Tests;

/// <summary>Has a question asked by the prober that the daemon has, by the real clock.</summary>
internal sealed class Inquiry : IHealthListener
{
    private readonly TaskCompletionSource<CheckHealth> _verdict = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    private readonly TaskCompletionSource<CheckHealth> _word = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Inquiry() { }

    /// <summary>A time-out that only a peer that should answer and does not can reach.</summary>
    public static ProbeTask TaskFor(ProbeSpec probe, IPAddress address, int port = 0) =>
        new()
        {
            Probe = probe,
            Address = address,
            Port = port,
            Interval = TimeSpan.FromMilliseconds(200),
            Timeout = TimeSpan.FromSeconds(10),
            Rise = 1,
            Fall = 1,
        };

    /// <summary>The first verdict. Before it there may be words without one, when this machine is slow.</summary>
    /// <param name="task">The question.</param>
    /// <param name="home">Where it is asked from; null: from where the test runs.</param>
    public static async Task<Finding> Verdict(ProbeTask task, NetworkNamespace? home = null)
    {
        var health = await Health(task, home);
        return new(health.Verdict, health.Reason);
    }

    /// <inheritdoc cref="Verdict"/>
    public static Task<CheckHealth> Health(ProbeTask task, NetworkNamespace? home = null) =>
        Ask(task, home, inquiry => inquiry._verdict.Task);

    /// <summary>The first word, which is to be none of the backend.</summary>
    public static async Task<Finding> Word(ProbeTask task, NetworkNamespace? home = null)
    {
        var health = await Ask(task, home, inquiry => inquiry._word.Task);
        return new(health.Verdict, health.Reason);
    }

    /// <summary>Asks so often in a row, and tells what was found each time, the newest first.</summary>
    public static async Task<CheckReport> Often(ProbeTask task, int times, NetworkNamespace? home = null)
    {
        using var prober = Open(new(), home);
        prober.Apply(Map.SetOf<ProbeTask>(task with { Interval = TimeSpan.FromMilliseconds(2) }));
        CheckReport? report = null;
        await Wait.Until(
            async () =>
            {
                report = (await prober.ReadAsync(null, CancellationToken.None)).SingleOrDefault();
                return report?.Results >= times;
            },
            $"{times} results of {task}"
        );
        return report!;
    }

    void IHealthListener.OnHealth(ProbeTask task, CheckHealth health)
    {
        _word.TrySetResult(health);
        if (health.Verdict != Engine.Ports.Verdict.Unknown)
        {
            _verdict.TrySetResult(health);
        }
    }

    private static async Task<CheckHealth> Ask(
        ProbeTask task,
        NetworkNamespace? home,
        Func<Inquiry, Task<CheckHealth>> answer
    )
    {
        var inquiry = new Inquiry();
        using var prober = Open(inquiry, home);
        prober.Apply(Map.SetOf<ProbeTask>(task));
        try
        {
            return await Wait.For(answer(inquiry), $"a word on {task}");
        }
        catch (TimeoutException e)
        {
            var report = (await prober.ReadAsync(null, CancellationToken.None)).Single();
            throw new TimeoutException($"{e.Message}; so far: {report.Health.Reason}", e);
        }
    }

    // Its loop's thread is born in the namespace, and so is every socket and program of it.
    private static Prober Open(Inquiry inquiry, NetworkNamespace? home)
    {
        Prober New() => new(inquiry, TimeProvider.System, Seeds.NewRandom(), new() { Node = "lb1" });
        return home is null ? New() : home.Run(New);
    }
}
