using System.Threading.Channels;
using Fulcrum.Commands;
using Fulcrum.Linux.Processes;
using Fulcrum.Model.Problems;
using Fulcrum.Upgrading;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting;

/// <summary>The life of <c>fulcrum run</c>: read, start, say so, reload when asked, drain, stop.</summary>
internal sealed partial class Daemon(RunOptions options, RunningNode node, UpgradeDesk desk, ILogger log)
{
    /// <summary>Half a million proxied connections; the kernel's fs.nr_open is a million where nobody changed it.</summary>
    /// <summary>Of open files, sockets and the like.</summary>
    public const ulong WantedDescriptors = 1 << 20;

    /// <summary>FileDescriptorName= of a socket unit.</summary>
    private const string ApiSocketName = "api";

    /// <summary>Signals that come while one is served are one, or two.</summary>
    private const int MostOrders = 2;

    private readonly ServiceManager _manager = ServiceManager.OfThisProcess;

    public static async Task<int> RunAsync(RunOptions options, TextWriter errors, CancellationToken cancellation)
    {
        var program = OwnProgram.Find();
        using var intermediary = Intermediary.Find();
        if (intermediary is not null)
        {
            return intermediary.Start(program) ? CommandLine.Fine : CommandLine.NotSo;
        }

        using var signals = new Signals();
        using var predecessor = Predecessor.Find();
        var file = SnapshotFile.Read(options.File);
        if (file.WhyNotRun(options.Node) is { Count: > 0 } reasons)
        {
            // The one before this one runs what was good: no copy is better than that.
            predecessor?.Refuse($"{options.File} cannot be run: {reasons[0]}");
            if (predecessor is not null || LastGoodCopy.Of(options, errors, reasons) is not { } copy)
            {
                return CommandLine.NotSo;
            }

            file = copy;
        }

        using var logs = Logging.Create(options.LogFormat, options.LogLevel);
        var log = logs.CreateLogger("fulcrum");
        var orders = Channel.CreateBounded<Order>(MostOrders);
        var desk = new UpgradeDesk(
            VersionCommand.Version,
            TimeProvider.System,
            () => orders.Writer.TryWrite(Order.Upgrade)
        );
        var (legacy, trouble) = predecessor is null
            ? TakePassed(log)
            : await Task.Run(() => TakeFrom(predecessor, desk), cancellation);
        using var heritage = legacy;
        StateClaim? held = null;
        trouble ??= options.State.Take(
            out held,
            keepsSocket: legacy.Api.IsManaged || predecessor is not null,
            legacy.Lock
        );
        using var claim = held;
        if (trouble is not null)
        {
            predecessor?.Refuse(trouble);
            await errors.WriteLineAsync(trouble);
            return CommandLine.NotSo;
        }

        var descriptors = DescriptorLimit.Raise(WantedDescriptors);
        LogDescriptors(log, descriptors);
        var (node, result) = await RunningNode.StartAsync(file.Snapshot!, options, legacy, desk, logs, cancellation);
        if (node is null)
        {
            predecessor?.Refuse(result.Problems[0].ToString());
            return Refuse(errors, result.Problems, options.File);
        }

        Successor? next;
        await using (node)
        {
            Tell(log, LogLevel.Warning, file.Problems);
            if (predecessor is not null && await TakeOverAsync(predecessor, node, legacy, desk, log) is { } reason)
            {
                LogNotTakenOver(log, reason);
                return CommandLine.NotSo;
            }

            legacy.Listeners.CloseUnclaimed();
            foreach (var unclaimed in legacy.Listeners.Unclaimed)
            {
                LogUnclaimed(log, unclaimed);
            }

            // Without its engine a node would serve the dead for ever; who supervises it starts it anew.
            var broken = node.Deciding.ContinueWith(
                ended =>
                {
                    LogBroken(log, ended.Exception);
                    signals.End();
                },
                signals.Drain,
                TaskContinuationOptions.OnlyOnFaulted,
                TaskScheduler.Default
            );
            var upgrader = new Upgrader(node, desk, program, claim!, ServiceManager.OfThisProcess, log);
            next = await new Daemon(options, node, desk, log).ServeAsync(
                signals,
                orders,
                upgrader,
                predecessor,
                legacy.Stored,
                file.Snapshot!.Services.Count
            );
            if (broken.IsCompletedSuccessfully)
            {
                return CommandLine.NotSo;
            }
        }

        LogStopped(log);
        // Last: it takes this for the end of this process.
        next?.Dispose();
        return CommandLine.Fine;
    }

    private static (Legacy Legacy, string? Trouble) TakePassed(ILogger log)
    {
        var (legacy, passed) = (new Legacy(), PassedSockets.Take());
        var (socket, misfit) = passed.FindUnix(ApiSocketName);
        if (socket is { } descriptor)
        {
            legacy.Api.AddManaged(descriptor);
        }

        foreach (var (name, other) in passed.But(ApiSocketName))
        {
            var isOurs = SocketStore.IsOurs(name);
            if (isOurs)
            {
                legacy.Stored.Add(name);
            }

            if (legacy.Listeners.Add(other, isLent: !isOurs) is { } reason)
            {
                LogStranger(log, name, reason);
            }
        }

        return (legacy, misfit);
    }

    private static (Legacy Legacy, string? Trouble) TakeFrom(Predecessor predecessor, UpgradeDesk desk)
    {
        // Changes come to one of the two, and until the node is ours they would be lost with us.
        desk.Freeze("this process takes over the node; try again in a moment");
        try
        {
            return (predecessor.Take(VersionCommand.Version), null);
        }
        catch (HandoverException error)
        {
            return (new(), $"the node is not taken over: {error.Message}");
        }
    }

    // Returns why not; null: the node is ours.
    private static async Task<string?> TakeOverAsync(
        Predecessor predecessor,
        RunningNode node,
        Legacy legacy,
        UpgradeDesk desk,
        ILogger log
    )
    {
        try
        {
            if (!await Task.Run(predecessor.TakeOver))
            {
                LogAlone(log);
            }

            legacy.Api.TakeOver();
            await node.BeginAsync();
            desk.Inherit(predecessor.Upgrade, predecessor.By);
            desk.Thaw();
            return null;
        }
        catch (HandoverException error)
        {
            return error.Message;
        }
    }

    private static int Refuse(TextWriter errors, IReadOnlyList<Problem> reasons, string file)
    {
        foreach (var reason in reasons)
        {
            errors.WriteLine(reason);
        }

        errors.WriteLine($"{file} is not run.");
        return CommandLine.NotSo;
    }

    // Returns the process that has the node now; null: the node has come to its end.
    private async Task<Successor?> ServeAsync(
        Signals signals,
        Channel<Order> orders,
        Upgrader upgrader,
        Predecessor? predecessor,
        IEnumerable<string> stored,
        int services
    )
    {
        signals.OnReload(() => orders.Writer.TryWrite(Order.Reload));
        signals.OnUpgrade(desk.Begin);
        LogReady(log, services, options.Node, node.ApiPlace);
        _manager.Ready($"{services} services on node {options.Node}");
        using var end = new CancellationTokenSource();
        var watching = Task.WhenAll(WatchAsync(end.Token), node.StoreSocketsAsync(_manager, stored, end.Token));
        var next = await FollowAsync(signals, orders.Reader, upgrader);
        var former = predecessor?.HasEndedAsync(node.DrainDeadline, signals.Stop);
        if (next is not null)
        {
            PassOn(signals, orders.Reader, next);
            await end.CancelAsync();
            await node.FinishAsync(signals.Stop);
        }
        else
        {
            desk.Leave();
            _manager.Stopping("draining", node.LeavingPatience);
            LogDraining(log);
            await node.DrainAsync(signals.Stop);
            await end.CancelAsync();
        }

        if (former is { IsCompleted: false })
        {
            LogFormer(log);
            await former;
        }

        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return next;
    }

    private Task WatchAsync(CancellationToken end) =>
        ServiceManager.Patience is { } patience
            ? new Watchdog(patience, node.Parts, _manager.Alive, new WatchdogLog(log), TimeProvider.System).RunAsync(
                end
            )
            : Task.CompletedTask;

    // Returns the process that has the node now; null: it is to stop.
    private async Task<Successor?> FollowAsync(Signals signals, ChannelReader<Order> orders, Upgrader upgrader)
    {
        while (!signals.Drain.IsCancellationRequested)
        {
            Order order;
            try
            {
                order = await orders.ReadAsync(signals.Drain);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            if (order == Order.Reload)
            {
                _manager.Reloading();
                _manager.Ready(await ReloadAsync());
            }
            else if (await upgrader.RunAsync(signals.Drain) is { } next)
            {
                return next;
            }
        }

        return null;
    }

    // What was meant for the node while it passed on is the other process's to do.
    private static void PassOn(Signals signals, ChannelReader<Order> orders, Successor next)
    {
        signals.OnReload(() => next.Signal(ProcessSignal.HangUp));
        var isReloadWanted = false;
        while (orders.TryRead(out var order))
        {
            isReloadWanted |= order == Order.Reload;
        }

        if (isReloadWanted)
        {
            next.Signal(ProcessSignal.HangUp);
        }

        if (signals.Drain.IsCancellationRequested)
        {
            next.Signal(ProcessSignal.Terminate);
        }
    }

    // What is wrong with the new file is said, and what runs goes on as it is. Returns how it went, in a line.
    private async Task<string> ReloadAsync()
    {
        node.ReopenLogs();
        var file = SnapshotFile.Read(options.File);
        var reasons = file.WhyNotRun(options.Node);
        if (reasons.Count == 0)
        {
            try
            {
                var result = await node.ApplyAsync(file.Snapshot!, "reload");
                if (result.Generation is { } generation)
                {
                    Tell(log, LogLevel.Warning, file.Problems);
                    LogReloaded(log, options.File, generation);
                    return $"{file.Snapshot!.Services.Count} services on node {options.Node}, generation {generation}";
                }

                reasons = result.Problems;
            }
            catch (OperationCanceledException)
            {
                reasons = [new() { Message = "the engine is stopping" }];
            }
        }

        Tell(log, LogLevel.Error, reasons);
        LogNotReloaded(log, options.File);
        return $"not reloaded, what was in force stays: {reasons[0]}";
    }

    private static void Tell(ILogger log, LogLevel level, IReadOnlyList<Problem> problems)
    {
        foreach (var problem in problems)
        {
            LogProblem(log, level, problem);
        }
    }

    private enum Order
    {
        Reload,
        Upgrade,
    }
}
