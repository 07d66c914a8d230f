using System.Threading.Channels;
using Fulcrum.Commands;
using Fulcrum.Linux.Processes;
using Fulcrum.Model.Problems;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting;

/// <summary>The life of <c>fulcrum run</c>: read, start, say so, reload when asked, drain, stop.</summary>
internal sealed partial class Daemon(RunOptions options, RunningNode node, ILogger log)
{
    /// <summary>Half a million proxied connections; the kernel's fs.nr_open is a million where nobody changed it.</summary>
    private const ulong WantedDescriptors = 1 << 20;

    /// <summary>FileDescriptorName= of a socket unit.</summary>
    private const string ApiSocketName = "api";

    private readonly ServiceManager _manager = ServiceManager.OfThisProcess;

    // Signals that come while one is served are one.
    private readonly Channel<bool> _reload = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public static async Task<int> RunAsync(RunOptions options, TextWriter errors, CancellationToken cancellation)
    {
        using var signals = new Signals();
        var file = SnapshotFile.Read(options.File);
        if (file.WhyNotRun(options.Node) is { Count: > 0 } reasons)
        {
            if (LastGoodCopy.Of(options, errors, reasons) is not { } copy)
            {
                return CommandLine.NotSo;
            }

            file = copy;
        }

        var passed = PassedSockets.Take();
        FileStream? held = null;
        var (socket, misfit) = passed.FindUnix(ApiSocketName);
        options = options with { PassedSocket = socket };
        if ((misfit ?? options.State.Take(out held, keepsSocket: socket is not null)) is { } trouble)
        {
            await errors.WriteLineAsync(trouble);
            return CommandLine.NotSo;
        }

        using var claim = held;
        using var logs = Logging.Create(options.LogFormat, options.LogLevel);
        var log = logs.CreateLogger("fulcrum");
        var descriptors = DescriptorLimit.Raise(WantedDescriptors);
        LogDescriptors(log, descriptors);
        foreach (var stranger in passed.Names.Where(name => name != ApiSocketName))
        {
            LogStranger(log, stranger, ApiSocketName);
        }

        var (node, result) = await RunningNode.StartAsync(file.Snapshot!, options, logs, cancellation);
        if (node is null)
        {
            return Refuse(errors, result.Problems, options.File);
        }

        await using (node)
        {
            Tell(log, LogLevel.Warning, file.Problems);
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
            await new Daemon(options, node, log).ServeAsync(signals, file.Snapshot!.Services.Count);
            if (broken.IsCompletedSuccessfully)
            {
                return CommandLine.NotSo;
            }
        }

        LogStopped(log);
        return CommandLine.Fine;
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

    private async Task ServeAsync(Signals signals, int services)
    {
        signals.OnReload(() => _reload.Writer.TryWrite(true));
        LogReady(log, services, options.Node, options.ApiPlace);
        _manager.Ready($"{services} services on node {options.Node}");
        using var end = new CancellationTokenSource();
        var watching = WatchAsync(end.Token);
        await FollowAsync(signals);
        _manager.Stopping("draining", node.LeavingPatience);
        LogDraining(log);
        await node.DrainAsync(signals.Stop);
        await end.CancelAsync();
        await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task WatchAsync(CancellationToken end) =>
        ServiceManager.Patience is { } patience
            ? new Watchdog(patience, node.Parts, _manager.Alive, new WatchdogLog(log), TimeProvider.System).RunAsync(
                end
            )
            : Task.CompletedTask;

    private async Task FollowAsync(Signals signals)
    {
        while (!signals.Drain.IsCancellationRequested)
        {
            try
            {
                await _reload.Reader.ReadAsync(signals.Drain);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            _manager.Reloading();
            _manager.Ready(await ReloadAsync());
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
}
