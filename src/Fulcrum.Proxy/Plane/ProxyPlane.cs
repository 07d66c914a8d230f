using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Processes;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Model.Values;
using Fulcrum.Proxy.AccessLogs;
using Fulcrum.Proxy.Listing;
using Fulcrum.Proxy.Securing;
using Fulcrum.Proxy.Sessions;
using Fulcrum.Proxy.Stages;

namespace Fulcrum.Proxy.Plane;

/// <summary>
/// The plane in user space: one event loop for each core, each with sockets, sessions and balancer states of its
/// own, all working by one immutable generation.
/// <para>
/// Preparing binds every new address once for each loop (SO_REUSEPORT) and builds the balancers; nobody can connect
/// yet, so giving it up loses nothing. Committing hands the generation to each loop and waits until each has taken
/// it. A listener that stays keeps its sockets and gets another plan. One that goes takes in what waits in its queue
/// and closes. Sessions go on with the plan they began with; those whose backend drains have until the time that the
/// table names, or else, like those whose backend is gone, until the drain deadline of their service; those on a backend
/// that merely rests go on as long as it works.
/// </para>
/// <para>
/// A table costs what differs from the one before it, be it one backend of 100,000: services that are the same object
/// are not looked at, the parts of a generation that stay are shared with the next, and the loops are told the
/// <see cref="GenerationChange"/> alone. Beside it only what fades is looked at: services, backends and sockets that are
/// gone from the table but not from the sessions.
/// </para>
/// <para>
/// Counters are written by the loops and summed here by whoever asks; nothing on the way of a packet waits for that.
/// </para>
/// </summary>
public sealed class ProxyPlane : IPlane, IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly ProxyPlaneOptions _options;
    private readonly EventLoop[] _loops;
    private readonly LoopPlane[] _planes;
    private readonly PlaneMeter _meter;
    private readonly AccessLogger _accessLogs;
    private readonly PlaneSessions _sessions;
    private readonly TlsShelves _shelves;
    private readonly HandshakeTide _tide;
    private bool _isHeld;
    private readonly ITimer _following;
    private volatile Generation _generation = Generation.Empty;
    private bool _preparing;

    /// <summary>Starts the loops; there is nothing to reach before the first table.</summary>
    public ProxyPlane(ProxyPlaneOptions options, TimeProvider time)
    {
        (_options, _isHeld) = (options, options.IsHeld);
        _loops = new EventLoop[options.Loops];
        _planes = new LoopPlane[options.Loops];
        var rings = new AccessRing[options.Loops];
        var rolls = new SessionRoll[options.Loops];
        var stages = new StageLog();
        var sequence = (long)(time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMicroseconds;
        for (var loop = 0; loop < options.Loops; loop++)
        {
            _loops[loop] = new EventLoop($"proxy {loop}", options.Loop, time);
            rings[loop] = new AccessRing();
            rolls[loop] = new SessionRoll(sequence);
            _planes[loop] = new LoopPlane(
                _loops[loop],
                loop,
                options,
                time,
                signal => Complaints?.OnSignal(signal),
                rings[loop],
                rolls[loop],
                stages
            );
        }
        _sessions = new(_loops, rolls, time);
        _accessLogs = new(rings, stages, options.StandardError, time);
        _shelves = new(time, options.AcmeFileOf, options.Acme);
        _tide = new(
            () => _planes.Sum(plane => plane.Handshakes),
            options.Loops * options.Loop.MaxHandshakes / 2,
            NativeHeap.Trim
        );
        _following = time.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
        _meter = new(options.MeterScope, _loops, _planes, _accessLogs);
    }

    public PlaneOffer Offer => PlaneOffer.Proxy;

    public string? Trouble => _options.Wide?.Trouble ?? _options.Offload?.Trouble;

    /// <summary>Hears, on the loops, of backends that fail too often. Set before the first table.</summary>
    public IPassiveListener? Complaints { get; set; }

    /// <summary>Told, in a sentence, of access logs that cannot be written.</summary>
    public Action<string>? AccessLogProblem
    {
        get => _accessLogs.Problem;
        set => _accessLogs.Problem = value;
    }

    /// <summary>Told, in a sentence, of files that TLS needs beside certificates that are shown, and cannot use as they are.</summary>
    public Action<string>? TlsProblem
    {
        get => _shelves.Problem;
        set => _shelves.Problem = value;
    }

    /// <summary>
    /// Somebody else keeps the listening sockets beyond the end of this plane: what belongs to them in the file system
    /// stays.
    /// </summary>
    public bool LeavesSocketFiles { get; set; }

    /// <summary>The sessions of all loops.</summary>
    public ISessionReader Sessions => _sessions;

    /// <summary>What each loop counts of itself.</summary>
    public IReadOnlyList<LoopCounters> Loops => Array.ConvertAll(_loops, loop => loop.Counters);

    /// <summary>Which table the loops work by.</summary>
    public long Number => _generation.Number;

    /// <summary>A sign of life of each loop: ends when it has come to what it is told.</summary>
    public Task TurnAsync(int loop) => _loops[loop].InvokeAsync(static () => { });

    /// <summary>Called after each table that opens or closes sockets.</summary>
    public Action? SocketsChanged { get; set; }

    internal Generation Generation => _generation;

    internal IReadOnlyList<EventLoop> EventLoops => _loops;

    internal IReadOnlyList<LoopPlane> LoopPlanes => _planes;

    public ValueTask<IPreparedTable> PrepareAsync(PlaneTable table, CancellationToken cancellation)
    {
        if (_preparing)
        {
            throw new InvalidOperationException("A table is being prepared already.");
        }
        var builder = new GenerationBuilder(_options, _generation, _shelves);
        Generation generation;
        try
        {
            generation = builder.Build(table);
        }
        catch
        {
            builder.Abandon();
            throw;
        }
        if (builder.Problems.Count > 0 || cancellation.IsCancellationRequested)
        {
            builder.Abandon();
            cancellation.ThrowIfCancellationRequested();
            throw new PlaneRefusedException(builder.Problems);
        }
        _preparing = true;
        return ValueTask.FromResult<IPreparedTable>(new PreparedTable(this, builder, generation));
    }

    /// <summary>Lets in whoever comes; see <see cref="ProxyPlaneOptions.IsHeld"/>.</summary>
    public async Task BeginAsync()
    {
        await Task.WhenAll(_loops.Zip(_planes, (loop, plane) => loop.InvokeAsync(plane.Begin)));
        _isHeld = false;
        await LeadAsync();
    }

    /// <summary>Opens the files of access logs anew: they were moved away.</summary>
    public void ReopenAccessLogs() => _accessLogs.Reopen();

    public PlaneObservation Observe()
    {
        var generation = _generation;
        return new PlaneObservation(generation.Number, Items.From(generation.Services.Values.Select(Observe)))
        {
            Certificates = _shelves.Observe([.. generation.Table.Values]),
        };
    }

    /// <summary>
    /// Copies of all sockets that clients reach, for another process or for who keeps them. They are the caller's to
    /// close.
    /// </summary>
    public async Task<IReadOnlyList<SharedSocket>> ShareAsync()
    {
        var shared = new List<SharedSocket>();
        for (var index = 0; index < _loops.Length; index++)
        {
            var plane = _planes[index];
            shared.AddRange(await _loops[index].InvokeAsync(() => plane.Share().ToArray()));
        }
        return shared;
    }

    public Task DrainAsync(TimeSpan deadline, IProgress<int>? progress, CancellationToken cancellation) =>
        DrainAsync(deadline, isHandedOver: false, progress, cancellation);

    /// <summary>
    /// As <see cref="IPlane.DrainAsync"/>, while another process has the same sockets and lets in whoever comes: datagrams are
    /// left to it, and their sessions' answers still go out from here.
    /// </summary>
    public Task HandOverAsync(TimeSpan deadline, IProgress<int>? progress, CancellationToken cancellation) =>
        DrainAsync(deadline, isHandedOver: true, progress, cancellation);

    private async Task DrainAsync(
        TimeSpan deadline,
        bool isHandedOver,
        IProgress<int>? progress,
        CancellationToken cancellation
    )
    {
        LeavesSocketFiles |= isHandedOver;
        RemoveSocketFiles();
        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var left = 0;
        // One unit for this method keeps the sum from reaching zero before every loop has added its own.
        var open = 1;
        var begun = new Task[_loops.Length];
        for (var index = 0; index < _loops.Length; index++)
        {
            var plane = _planes[index];
            begun[index] = _loops[index]
                .InvokeAsync(() =>
                {
                    plane.Drain(deadline, isHandedOver, OnEnded);
                    _ = Interlocked.Add(ref left, plane.Active);
                    _ = Interlocked.Add(ref open, plane.Active);
                });
        }
        await Task.WhenAll(begun).WaitAsync(cancellation);
        progress?.Report(Volatile.Read(ref left));
        Finish();
        await finished.Task.WaitAsync(cancellation);

        void OnEnded()
        {
            progress?.Report(Interlocked.Decrement(ref left));
            Finish();
        }

        void Finish()
        {
            if (Interlocked.Decrement(ref open) == 0)
            {
                finished.TrySetResult();
            }
        }
    }

    /// <summary>Ends every session and stops the loops.</summary>
    public async ValueTask DisposeAsync()
    {
        _meter.Dispose();
        await _following.DisposeAsync();
        RemoveSocketFiles();
        for (var index = 0; index < _loops.Length; index++)
        {
            await _loops[index].InvokeAsync(_planes[index].Abort);
            _loops[index].Dispose();
        }
        _sessions.Dispose();
        await _accessLogs.DisposeAsync();
    }

    private void Look()
    {
        _shelves.Follow();
        _tide.Look();
    }

    private static ObservedService Observe(ServiceEntry service) =>
        new(service.State.Name, SessionCell.Sum(service.State.Cells), ObserveBackends(service))
        {
            Connects = DurationCell.Sum(service.State.Connects, DurationCell.OfConnects),
            Waiting = service.State.Waiting,
            Sources = service.Tables.CountSources(),
            Remembered = service.Tables.CountRemembered(),
            Lengths = DurationCell.Sum(service.State.Lengths, DurationCell.OfLengths),
        };

    private static Items<ObservedBackend> ObserveBackends(ServiceEntry service)
    {
        var found = new List<ObservedBackend>(service.Backends.Count + service.Fading.Count);
        // A backend whose name has several addresses, or another than before, is one.
        Dictionary<(string, string), int>? places = null;
        foreach (var entries in (ReadOnlySpan<Map<BackendKey, BackendEntry>>)[service.Backends, service.Fading])
        {
            foreach (var (key, entry) in entries)
            {
                places ??= new(found.Capacity);
                var sum = SessionCell.Sum(entry.State.Cells);
                if (places.TryAdd((key.Upstream, key.Id), found.Count))
                {
                    found.Add(new(key.Upstream, key.Id, sum));
                }
                else
                {
                    var place = places[(key.Upstream, key.Id)];
                    found[place] = found[place] with { Counters = found[place].Counters + sum };
                }
            }
        }
        return Items.From(found);
    }

    private async ValueTask CommitAsync(Generation generation)
    {
        var change = GenerationChange.Between(_generation, generation);
        if (
            change.Bindings.Any(binding =>
                binding.After?.Plan is { Log: not null } or { Routes: not null } or { HasPrograms: true }
            )
        )
        {
            _accessLogs.Start();
        }
        foreach (var binding in change.Bindings)
        {
            if (binding.After is { } after)
            {
                after.Sockets.File?.Allow(after.Source.Listener.Listener.Mode);
            }
            else
            {
                // Before it is closed: nobody finds a way in that leads nowhere.
                binding.Before!.Sockets.File?.Remove();
            }
        }
        var applied = new Task[_loops.Length];
        for (var index = 0; index < _loops.Length; index++)
        {
            var plane = _planes[index];
            applied[index] = _loops[index].InvokeAsync(() => plane.Apply(change));
        }
        try
        {
            await Task.WhenAll(applied);
        }
        finally
        {
            // Whatever a loop made of it, the next change begins here.
            _generation = generation.WithoutEnded();
            _shelves.Certificates.Keep(generation.Table.Values);
            _preparing = false;
            if (change.Bindings.Any(binding => binding.Before is null || binding.After is null))
            {
                SocketsChanged?.Invoke();
            }
        }
        if (!_isHeld && change.Bindings.Any(binding => binding.Key.Reach is not null))
        {
            await LeadAsync();
        }
    }

    // Their sockets listen by now, and until they do nobody may be led there.
    private async Task LeadAsync()
    {
        if (_options.Wide is { } wide)
        {
            await wide.LeadAsync([
                .. from pair in _generation.Bindings
                where pair.Key.Reach is not null
                let reach = pair.Key.Reach.GetValueOrDefault()
                select new WideListener(
                    pair.Key.Kind == SocketKind.Datagram,
                    reach.First,
                    reach.PrefixLength,
                    reach.FirstPort,
                    reach.LastPort,
                    pair.Value.Sockets[0][0]
                ),
            ]);
        }
    }

    private void RemoveSocketFiles()
    {
        if (!LeavesSocketFiles)
        {
            foreach (var binding in _generation.Bindings.Values)
            {
                binding.Sockets.File?.Remove();
            }
        }
    }

    private sealed class PreparedTable(ProxyPlane plane, GenerationBuilder builder, Generation generation)
        : IPreparedTable
    {
        private bool _settled;

        public ValueTask CommitAsync()
        {
            ObjectDisposedException.ThrowIf(_settled, this);
            _settled = true;
            return plane.CommitAsync(generation);
        }

        public ValueTask DisposeAsync()
        {
            if (!_settled)
            {
                _settled = true;
                plane._preparing = false;
                builder.Abandon();
            }
            return ValueTask.CompletedTask;
        }
    }
}
