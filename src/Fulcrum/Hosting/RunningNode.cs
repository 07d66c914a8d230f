using System.Net;
using System.Security.Cryptography;
using Fulcrum.Acme;
using Fulcrum.Api;
using Fulcrum.Api.Listening;
using Fulcrum.Api.Metrics;
using Fulcrum.Api.Upgrading;
using Fulcrum.Commands;
using Fulcrum.Discovery.Names;
using Fulcrum.Engine.History;
using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Forwarding.Ipvs;
using Fulcrum.Forwarding.Marking;
using Fulcrum.Forwarding.Offload;
using Fulcrum.Forwarding.SourceNat;
using Fulcrum.Forwarding.Traffic;
using Fulcrum.Forwarding.Vips;
using Fulcrum.Forwarding.Wide;
using Fulcrum.Forwarding.Xdp;
using Fulcrum.Health.Scheduling;
using Fulcrum.Hosting.Otlp;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Processes;
using Fulcrum.Model;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Services;
using Fulcrum.Model.Sources;
using Fulcrum.Notifying;
using Fulcrum.Proxy.Plane;
using Fulcrum.Upgrading;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Hosting;

/// <summary>
/// All parts of a node, wired together: journal, plane, prober and resolver around the engine, history and API beside
/// it. This is the one place that knows them all.
/// </summary>
internal sealed partial class RunningNode : IAsyncDisposable
{
    /// <summary>For announcements and addresses to be withdrawn, before planes drain.</summary>
    private static readonly TimeSpan WithdrawalPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan DiskPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _log;
    private readonly Source _source;
    private readonly DirectoryJournalDisk _disk;
    private readonly Journal _journal;
    private readonly AcmeManager _acme;
    private readonly ProxyPlane _plane;
    private readonly DatagramOffload? _offload;
    private readonly WideListeners _wide;
    private readonly IpvsPlane _ipvs;
    private readonly BpfPlane[] _programs;
    private readonly ListenerMarks _marks;
    private readonly BackendSources _sources;
    private readonly Rtnetlink _network;
    private readonly VipAddresses _vips;
    private readonly ApiSockets _apiSockets;
    private readonly Prober _prober;
    private readonly NodeMetrics _metrics;
    private readonly HistoryKeeper _keeper;
    private readonly HookNotifier _hooks;
    private readonly Task _work;
    private readonly Task _keeping;
    private Task _settling = Task.CompletedTask;
    private ApiServer? _api;

    private RunningNode(
        Node node,
        RunOptions options,
        SnapshotHistory history,
        DirectoryJournalDisk disk,
        Journal journal,
        Legacy legacy,
        ILoggerFactory logs
    )
    {
        var time = TimeProvider.System;
        var threads = node.Threads ?? Environment.ProcessorCount;
        (_disk, _journal, _apiSockets) = (disk, journal, legacy.Api);
        ApiPlace = legacy.Api.IsManaged ? "the socket that the service manager holds" : options.State.Socket;
        _log = logs.CreateLogger("fulcrum");
        _source = Source.File(options.FullPath);
        Identity = new(options.Node, VersionCommand.Version, options.FullPath, time.GetUtcNow());
        var scope = new object();
        _acme = new(options.State.Path, logs.CreateLogger("fulcrum"), time, Seeded());
        _network = new(NetlinkSocket.Open, time);
        _offload = node.Offload.IsEmpty ? null : new(node.Offload, _network, "/proc/sys", time);
        _wide = new(_network, time);
        _plane = new ProxyPlane(
            new()
            {
                Loops = threads,
                Loop = new() { MaxHandshakes = Math.Max(1, node.Handshakes / threads) },
                MeterScope = scope,
                StandardError = Console.OpenStandardError(),
                Inherited = legacy.Listeners,
                IsHeld = legacy.Known is not null,
                Challenges = _acme,
                Acme = _acme,
                AcmeFileOf = name => AcmeManager.FileOf(options.State.Path, name),
                Offload = _offload,
                Wide = _wide,
            },
            time
        );
        var hooks = new TrafficHooks(_network);
        (_marks, _sources) = (new(hooks, time), new(hooks, time));
        _ipvs = new(
            new()
            {
                OwnedFile = options.State.Ipvs,
                Marks = _marks,
                Sources = _sources,
                Parameters = new(_network, new("/proc/sys", options.State.Sysctls)),
                Tell = problem => Recovery.TellProblem(_log, problem),
            },
            time
        );
        _programs =
        [
            .. new[] { PlaneKind.Xdp, PlaneKind.Tc }.Select(kind => new BpfPlane(
                kind,
                new()
                {
                    State = options.State.Path,
                    Net = _network,
                    Tell = problem => Recovery.TellProblem(_log, problem),
                },
                time
            )),
        ];
        Engine = new(
            options.Node,
            [.. _programs, _ipvs, _plane],
            journal,
            time,
            Seeded(),
            logs.CreateLogger<Reconciler>()
        );
        if (legacy.Known is { } known)
        {
            Engine.Inherit(known);
        }

        _plane.Complaints = Engine;
        _plane.AccessLogProblem = problem => Recovery.TellProblem(_log, problem);
        _plane.TlsProblem = problem => Recovery.TellProblem(_log, problem);
        _prober = new(Engine, time, Seeded(), new() { Node = options.Node, MeterScope = scope });
        _metrics = new(scope, Identity, Engine, journal, time);
        _keeper = new(history, logs.CreateLogger<HistoryKeeper>());
        _keeping = _keeper.RunAsync();
        var resolver = new NameResolver(Dns.GetHostAddressesAsync, time);
        _vips = new(_network, new("/proc/sys", options.State.VipSysctls), time);
        var interfaces = new NodeInterfaces(_network, time);
        var ports = new NodePorts
        {
            Prober = _prober,
            Resolver = resolver,
            Interfaces = interfaces,
            Addresses = _vips,
            Changes = _keeper,
        };
        Deciding = Engine.RunAsync(ports, _stop.Token);
        var news = new CheckLog(_prober, Engine, logs.CreateLogger("fulcrum"), time);
        _hooks = new(
            options.Node,
            Engine.Events,
            () => Engine.State.Inputs.Snapshot.Hooks,
            scope,
            logs.CreateLogger("fulcrum"),
            time,
            Seeded()
        );
        var push = new OtlpPush(Engine, Identity, _metrics, logs.CreateLogger("fulcrum"), time);
        _work = Task.WhenAll(
            Deciding,
            AlwaysAsync("telling hooks", _hooks.RunAsync),
            AlwaysAsync("keeping interfaces", interfaces.RunAsync),
            AlwaysAsync("keeping vips", _vips.RunAsync),
            AlwaysAsync("finding names", stop => resolver.RunAsync(Engine, stop)),
            AlwaysAsync("telling of checks", news.RunAsync),
            AlwaysAsync("keeping the kernel's balancer", _ipvs.RunAsync),
            AlwaysAsync("keeping plane xdp", _programs[0].RunAsync),
            AlwaysAsync("keeping plane tc", _programs[1].RunAsync),
            AlwaysAsync("marking packets", _marks.RunAsync),
            AlwaysAsync("translating sources", _sources.RunAsync),
            AlwaysAsync(
                "following interfaces of datagrams",
                _offload is null ? _ => Task.CompletedTask : _offload.RunAsync
            ),
            AlwaysAsync("keeping routes of wide listeners", _wide.RunAsync),
            AlwaysAsync("pushing metrics", push.RunAsync),
            AlwaysAsync("getting certificates", _acme.RunAsync),
            AlwaysAsync("following names", new CertificateNames(Engine, _acme, time).RunAsync)
        );
    }

    public NodeIdentity Identity { get; }

    /// <summary>Where the API is reached, for people.</summary>
    public string ApiPlace { get; }

    public Reconciler Engine { get; }

    /// <summary>The engine's work. It ends when it is stopped; else it broke.</summary>
    public Task Deciding { get; }

    /// <summary>The longest that <see cref="DrainAsync"/> and what comes after it may take.</summary>
    public TimeSpan LeavingPatience => WithdrawalPatience + DrainDeadline + DisksPatience;

    private static TimeSpan DisksPatience => 4 * DiskPatience;

    /// <summary>The longest of any service.</summary>
    public TimeSpan DrainDeadline =>
        Enum.GetValues<PlaneKind>()
            .SelectMany(plane => Engine.State.Desired.TableOf(plane).Services.Values)
            .Select(service => service.Sessions.Drain.Deadline)
            .DefaultIfEmpty(TimeSpan.Zero)
            .Max();

    /// <summary>All that must live for the node to live, with a question for each.</summary>
    public IEnumerable<(string Name, Func<Task> Ask)> Parts =>
        [
            ("the engine", Engine.AnswerAsync),
            ("the loop of checks", _prober.CountAsync),
            .. Enumerable
                .Range(0, _plane.Loops.Count)
                .Select(loop => ($"loop {loop} of the proxy plane", (Func<Task>)(() => _plane.TurnAsync(loop)))),
        ];

    /// <summary>Starts a node on a snapshot. Nothing is left behind when it cannot be had.</summary>
    /// <returns>The node, or why not.</returns>
    public static async Task<(RunningNode? Node, ApplyResult Result)> StartAsync(
        Snapshot snapshot,
        RunOptions options,
        Legacy legacy,
        INodeUpgrade? upgrade,
        ILoggerFactory logs,
        CancellationToken cancellation
    )
    {
        var disk = new DirectoryJournalDisk(options.State.Journal);
        Journal journal;
        try
        {
            journal = await Journal.OpenAsync(disk, new(), cancellation);
        }
        catch (JournalException error)
        {
            disk.Dispose();
            return (null, new(null, [new() { Message = error.Message }]));
        }

        Recovery.Tell(logs.CreateLogger("fulcrum"), journal.Recovery);
        var settings = snapshot.Nodes.Find(options.Node) ?? new() { Name = options.Node };
        var history = SnapshotHistory.Open(options.State.History);
        var node = new RunningNode(settings, options, history, disk, journal, legacy, logs);
        Recovery.Tell(node._log, node.Engine.Restored.Concat(history.Problems.Select(problem => problem.ToString())));
        try
        {
            var result = await node.ApplyAsync(snapshot, "start").WaitAsync(cancellation);
            if (result.Applied)
            {
                node._settling = new MemoryReturn(node._prober, node._plane, TimeProvider.System).RunAsync(
                    node._stop.Token
                );
                node._api = await ListenAsync(node, history, options, upgrade, logs, cancellation);
                return (node, result);
            }

            await node.DisposeAsync();
            return (null, result);
        }
        catch (IOException error)
        {
            await node.DisposeAsync();
            return (null, new(null, [new() { Message = $"the API cannot be opened at {error.Message}" }]));
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Log files were moved away: opens those of that name anew.</summary>
    public void ReopenLogs() => _plane.ReopenAccessLogs();

    /// <summary>Puts another content of the node's file in force.</summary>
    public Task<ApplyResult> ApplyAsync(Snapshot snapshot, string by) =>
        Engine.ApplyAsync(_source, snapshot, new() { By = by, IsOwn = true });

    /// <summary>
    /// Withdraws what the network was told, then accepts nothing more and lets sessions finish, until the longest
    /// deadline of any service.
    /// </summary>
    public async Task DrainAsync(CancellationToken stop)
    {
        try
        {
            await WithdrawAsync(stop);

            var (deadline, time) = (DrainDeadline, TimeProvider.System);
            var progress = new DrainProgress(deadline, ServiceManager.OfThisProcess, DisksPatience, time, _log);
            var left = new JointProgress(progress, parts: 2 + _programs.Length);
            var drain = Task.WhenAll([
                _plane.DrainAsync(deadline, left.Part(0), stop),
                _ipvs.DrainAsync(deadline, left.Part(1), stop),
                .. _programs.Select((plane, i) => plane.DrainAsync(deadline, left.Part(2 + i), stop)),
            ]);
            await progress.FollowAsync(drain);
            await drain;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The operator asked twice: the rest is cut off.
        }
    }

    private async Task WithdrawAsync(CancellationToken stop)
    {
        try
        {
            if (!Deciding.IsCompleted && !await Engine.WithdrawAsync(WithdrawalPatience, stop))
            {
                Recovery.TellLeft(_log, Engine.Status);
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The engine ended while it was asked; who is being served is not to pay for that.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndApiAsync();
        await _stop.CancelAsync();
        await InTimeAsync(_work);
        await InTimeAsync(_settling);
        _acme.Dispose();
        _hooks.Dispose();
        _metrics.Dispose();
        Engine.Dispose();
        _prober.Dispose();
        _vips.Dispose();
        await InTimeAsync(_wide.DisposeAsync().AsTask());
        await InTimeAsync(_plane.DisposeAsync().AsTask());
        _offload?.Dispose();
        await InTimeAsync(_ipvs.DisposeAsync().AsTask());
        foreach (var plane in _programs)
        {
            await InTimeAsync(plane.DisposeAsync().AsTask());
        }

        _network.Dispose();
        _keeper.Complete();
        await InTimeAsync(_keeping);
        await InTimeAsync(_journal.DisposeAsync().AsTask());
        _disk.Dispose();
        _stop.Dispose();
    }

    // A defect in one of these must not silence it for good.
    private async Task AlwaysAsync(string part, Func<CancellationToken, Task> run)
    {
        while (true)
        {
            try
            {
                await run(_stop.Token);
                return;
            }
#pragma warning disable CA1031 // Law 4: nothing that happens to such a part ends the process.
            catch (Exception error) when (!_stop.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Recovery.TellProblem(_log, $"{part} broke off, which is a defect, and begins anew: {error}");
            }

            await Task.Delay(RestartPause, TimeProvider.System, _stop.Token);
        }
    }

    // Those that write may hang with their disk, and the node stops all the same.
    private static async Task InTimeAsync(Task part) =>
        await Task.WhenAny(part, Task.Delay(DiskPatience, TimeProvider.System));

    // Nodes that fail together must not try together.
    private static Random Seeded() => new(RandomNumberGenerator.GetInt32(int.MaxValue));

    private static Task<ApiServer> ListenAsync(
        RunningNode running,
        SnapshotHistory history,
        RunOptions options,
        INodeUpgrade? upgrade,
        ILoggerFactory logs,
        CancellationToken cancellation
    )
    {
        var node = new NodeContext
        {
            Identity = running.Identity,
            Engine = running.Engine,
            Checks = running._prober,
            Sessions = running._plane.Sessions,
            History = history,
            Metrics = running._metrics,
            Time = TimeProvider.System,
            AuditFile = options.State.Audit,
            Upgrade = upgrade,
        };
        return ApiServer.StartAsync(options.State.Socket, node, logs, cancellation, running._apiSockets);
    }
}
