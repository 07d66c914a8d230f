using Fulcrum.Engine.Events;
using Fulcrum.Model.Hooks;
using Fulcrum.Model.Values;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Notifying;

/// <summary>
/// Tells hooks what changes. It follows the events like any other, and so costs the engine nothing; each hook has a
/// worker of its own, so that none waits for another. A hook that is configured otherwise begins anew with what comes
/// from then on.
/// </summary>
public sealed partial class HookNotifier : IDisposable
{
    private const int Batch = 256;

    private readonly string _node;
    private readonly EventLog _events;
    private readonly Func<Named<Hook>> _hooks;
    private readonly IHookSender _sender;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly HookCounters _counters;
    private readonly Dictionary<Hook, (HookWorker Worker, CancellationTokenSource Stop, Task Work)> _workers = new(
        ReferenceEqualityComparer.Instance
    );

    /// <param name="hooks">Those that are configured now.</param>
    /// <param name="meterScope">Whose meter it is, among those of other nodes in this process.</param>
    public HookNotifier(
        string node,
        EventLog events,
        Func<Named<Hook>> hooks,
        object? meterScope,
        ILogger log,
        TimeProvider time,
        Random random
    )
        : this(node, events, hooks, new HookSender(), meterScope, log, time, random) { }

    internal HookNotifier(
        string node,
        EventLog events,
        Func<Named<Hook>> hooks,
        IHookSender sender,
        object? meterScope,
        ILogger log,
        TimeProvider time,
        Random random
    ) =>
        (_node, _events, _hooks, _sender, _counters, _log, _time, _random) = (
            node,
            events,
            hooks,
            sender,
            new(meterScope),
            log,
            time,
            random
        );

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var last = 0L;
        try
        {
            while (true)
            {
                await _events.WaitAsync(last).WaitAsync(stop);
                Follow(_hooks(), stop);
                var (events, _) = _events.After(last, Batch);
                foreach (var one in events)
                {
                    foreach (var (worker, _, _) in _workers.Values)
                    {
                        worker.Offer(one);
                    }
                }

                last = events.Count > 0 ? events[^1].Sequence : last;
            }
        }
        finally
        {
            await Task.WhenAll(_workers.Keys.ToList().Select(EndAsync));
        }
    }

    public void Dispose()
    {
        (_sender as IDisposable)?.Dispose();
        _counters.Dispose();
    }

    private void Follow(Named<Hook> hooks, CancellationToken stop)
    {
        foreach (var gone in _workers.Keys.Where(known => !ReferenceEquals(hooks.Find(known.Name), known)).ToList())
        {
            _ = EndAsync(gone);
        }

        foreach (var hook in hooks)
        {
            if (_workers.ContainsKey(hook))
            {
                continue;
            }

            var worker = new HookWorker(_node, hook, _sender, _counters, Tell, _time, new(_random.Next()));
            var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
            _workers.Add(hook, (worker, end, Task.Run(() => worker.RunAsync(end.Token), CancellationToken.None)));

            void Tell(string what, bool isBad) =>
                LogHook(isBad ? LogLevel.Warning : LogLevel.Information, hook.Name, what);
        }
    }

    private async Task EndAsync(Hook hook)
    {
        _workers.Remove(hook, out var ended);
        await ended.Stop.CancelAsync();
        await ended.Work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.Stop.Dispose();
    }
}
