using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Scheduling;
using Fulcrum.Health.Watching;
using Fulcrum.Loops;
using Fulcrum.Model.Checks;
using Fulcrum.TestKit;

namespace Fulcrum.Health.Tests.Scheduling;

/// <summary>One check on a loop, with probes that end as a script says, a letter each, the last for ever.</summary>
internal sealed class CheckRig : IHealthListener, IDisposable
{
    private readonly List<ScriptedProbe> _probes = [];

    public CheckRig(string script, Func<ProbeTask, ProbeTask>? change = null)
    {
        Loop = new("check", new LoopOptions { MaxBuffers = 1 }, Time);
        Gate = new(new(), Loop.Reactor);
        var task = new ProbeTask
        {
            Probe = new TcpProbe(),
            Address = IPAddress.Loopback,
            Port = 80,
            Interval = TimeSpan.FromSeconds(10),
            Timeout = TimeSpan.FromMilliseconds(2500),
            Rise = 2,
            Fall = 3,
        };
        var context = new CheckContext(Loop, Time, Seeds.NewRandom(), Gate, this, Transitions, new());
        Check = new(
            change?.Invoke(task) ?? task,
            owner =>
            {
                var probe = new ScriptedProbe(script[Math.Min(Starts.Count, script.Length - 1)], owner);
                Starts.Add(Time.Elapsed);
                _probes.Add(probe);
                return probe;
            },
            context
        );
    }

    public ManualTimeProvider Time { get; } = new();

    public EventLoop Loop { get; }

    public ProbeGate Gate { get; }

    public TransitionLog Transitions { get; } = new();

    public ScheduledCheck Check { get; }

    /// <summary>When each probe began.</summary>
    public List<TimeSpan> Starts { get; } = [];

    public List<News> Heard { get; } = [];

    public Action? OnNews { get; set; }

    /// <summary>Probes that hold what they have got.</summary>
    public int Held => _probes.Count(probe => probe.IsHeld);

    public void Dispose() => Loop.Dispose();

    void IHealthListener.OnHealth(ProbeTask task, CheckHealth health)
    {
        Heard.Add(new(task, health, Time.Elapsed));
        OnNews?.Invoke();
    }

    public async Task Do(Action action)
    {
        await Loop.InvokeAsync(action);
        await Loop.InvokeAsync(() => { });
    }

    public Task Start() => Do(() => Check.Start(0));

    public async Task<CheckReport> Read()
    {
        await Do(() => { });
        return await Loop.InvokeAsync(Check.Read);
    }

    /// <summary>To the next time that it does something.</summary>
    public async Task<CheckReport> Step()
    {
        await Wait.Until(() => Time.UntilNextTimer is not null, "the loop to set its alarm");
        Time.AdvanceToNextTimer();
        return await Read();
    }

    public async Task<CheckReport> Until(Func<CheckReport, bool> isEnd)
    {
        var report = await Read();
        for (var steps = 0; !isEnd(report); steps++)
        {
            Assert.True(steps < 10_000, "it never ends");
            report = await Step();
        }

        return report;
    }

    public Task<CheckReport> Results(long count) => Until(report => report.Results >= count);

    /// <summary>Time passes while the loop is held up by something.</summary>
    public async Task HoldUp(TimeSpan span)
    {
        await Do(() => { });
        using var held = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var turn = Loop.InvokeAsync(() =>
        {
            held.Set();
            go.Wait();
        });
        held.Wait(TestContext.Current.CancellationToken);
        Time.Advance(span);
        go.Set();
        await turn;
    }
}
