using System.Net;
using Fulcrum.Api;
using Fulcrum.Commands;
using Fulcrum.Discovery.Names;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Health.Scheduling;
using Fulcrum.Model;
using Fulcrum.Model.Services;
using Fulcrum.Proxy.Plane;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting;

/// <summary>
/// All parts of a node, wired together: plane, prober and resolver around the engine, and the API beside it. This
/// is the one place that knows them all.
/// </summary>
internal sealed class RunningNode : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _log;
    private readonly ProxyPlane _plane;
    private readonly Prober _prober;
    private readonly Task _work;
    private ApiServer? _api;

    private RunningNode(int threads, ILoggerFactory logs)
    {
        var time = TimeProvider.System;
        _log = logs.CreateLogger("fulcrum");
        _plane = new ProxyPlane(new() { Loops = threads }, time);
        Engine = new(_plane, time, logs.CreateLogger<Reconciler>());
        _prober = new(Engine, time);
        var resolver = new NameResolver(Dns.GetHostAddressesAsync, time);
        _work = Task.WhenAll(Engine.RunAsync(_prober, resolver, _stop.Token), resolver.RunAsync(Engine, _stop.Token));
    }

    public Reconciler Engine { get; }

    /// <summary>Starts a node on a snapshot. Nothing is left behind when it cannot be had.</summary>
    /// <returns>The node, or why not.</returns>
    public static async Task<(RunningNode? Node, ApplyResult Result)> StartAsync(
        Snapshot snapshot,
        RunOptions options,
        ILoggerFactory logs,
        CancellationToken cancellation
    )
    {
        var threads = snapshot.Nodes.Find(options.Node)?.Threads ?? Environment.ProcessorCount;
        var node = new RunningNode(threads, logs);
        try
        {
            var result = await node.Engine.ApplyAsync(snapshot).WaitAsync(cancellation);
            if (result.Applied)
            {
                node._api = await ListenAsync(node.Engine, options, logs, cancellation);
                return (node, result);
            }

            await node.DisposeAsync();
            return (null, result);
        }
        catch (IOException error)
        {
            await node.DisposeAsync();
            return (
                null,
                new(null, [new() { Message = $"the API cannot listen at {options.State.Socket}: {error.Message}" }])
            );
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Accepts nothing more and lets sessions finish, until the longest deadline of any service.</summary>
    public async Task DrainAsync(CancellationToken stop)
    {
        var deadline = Engine
            .State.Desired.TableOf(PlaneKind.Proxy)
            .Services.Values.Select(service => service.Sessions.Drain.Deadline)
            .DefaultIfEmpty(TimeSpan.Zero)
            .Max();
        try
        {
            await _plane.DrainAsync(deadline, new DrainProgress(_log), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The operator asked twice: the rest is cut off.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        await _stop.CancelAsync();
        await _work.ContinueWith(
            _ => { },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        _prober.Dispose();
        await _plane.DisposeAsync();
        _stop.Dispose();
    }

    private static Task<ApiServer> ListenAsync(
        Reconciler engine,
        RunOptions options,
        ILoggerFactory logs,
        CancellationToken cancellation
    )
    {
        var identity = new NodeIdentity(
            options.Node,
            VersionCommand.Version,
            options.File,
            TimeProvider.System.GetUtcNow()
        );
        return ApiServer.StartAsync(options.State.Socket, identity, engine, logs, cancellation);
    }
}
