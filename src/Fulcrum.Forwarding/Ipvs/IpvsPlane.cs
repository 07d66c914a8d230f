using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Draining;
using Fulcrum.Forwarding.Ipvs.Kernel;
using Fulcrum.Forwarding.Ipvs.Owning;
using Fulcrum.Forwarding.Ipvs.Translating;
using Fulcrum.Linux;
using Fulcrum.Linux.Ipvs;
using Fulcrum.Linux.Netlink;
using Fulcrum.Model;
using Fulcrum.Model.Problems;

namespace Fulcrum.Forwarding.Ipvs;

/// <summary>
/// The kernel's own balancer (IP Virtual Server, in Linux since 2.4) as a plane. The kernel has a table of virtual
/// services, each with a scheduler and its real servers; what comes in for one is rewritten (NAT), sent on by hardware
/// address (direct server return) or wrapped into another packet (tunnel), and remembered as a connection, so that what
/// follows goes the same way. All that is done here is to keep that table as it is wanted: not one packet passes by
/// this process, and when it dies, is killed or upgraded, connections go on, and new ones come in.
/// <para>
/// The table is the truth. It is read when a process begins, and compared; what is as it should be is not written, so
/// that a restart changes nothing. Entries of others (<c>ipvsadm</c>, keepalived) are left alone: ours are known by a
/// file (<see cref="OwnedServices"/>). An entry of theirs in a place that is to be ours is an error of that listener.
/// </para>
/// <para>
/// What can fail is done when a table is prepared: new services are made then with all their servers, since nobody was
/// served there before. What may be abandoned is taken back. Services that are there are changed at the commit; what
/// the kernel refuses then is shown (<see cref="Trouble"/>) and tried again. A service that goes, or a backend that
/// drains, has no weight until its deadline: the kernel lets in nobody new, and what is established goes on.
/// </para>
/// </summary>
public sealed partial class IpvsPlane : IPlane, IAsyncDisposable
{
    /// <summary>Why it is unavailable on most machines where it is.</summary>
    public const string NoModule = "the kernel has no ip_vs ('fulcrum doctor' says how to mend that)";

    /// <summary>Of a service that is made and removed at once, to see whether a scheduler is there. Nobody gets it.</summary>
    private const uint TrialMark = 0x7FFF_FF01;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly IpvsPlaneOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<CancellationToken, Task<IKernelBalancer?>> _open;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly DrainClock _drains = new();
    private readonly LeavingServices _leaving = new();
    private readonly OwnedServices _owned;
    private IKernelBalancer? _kernel;
    private KernelState? _state;
    private Translation _translation = Translation.Empty;
    private readonly Dictionary<IpvsServiceKey, KernelService> _settled = [];
    private bool _isPreparing;
    private volatile bool _isResting;
    private volatile string? _trouble;
    private long _writes;

    public IpvsPlane(IpvsPlaneOptions options, TimeProvider time)
        : this(
            options,
            OwnedServices.ThisTable(),
            cancellation => KernelBalancer.OpenAsync(options.Open, time, cancellation),
            time
        ) { }

    /// <param name="table">Tells this kernel's table from others.</param>
    /// <param name="open">Null: there is none.</param>
    internal IpvsPlane(
        IpvsPlaneOptions options,
        string table,
        Func<CancellationToken, Task<IKernelBalancer?>> open,
        TimeProvider time
    )
    {
        (_options, _time, _open) = (options, time, open);
        _owned = new(options.OwnedFile, table);
    }

    public PlaneOffer Offer { get; private set; } = PlaneOffer.Ipvs;

    public string? Trouble => _trouble;

    public long Writes =>
        Volatile.Read(ref _writes)
        + (_options.Marks?.Written ?? 0)
        + (_options.Sources?.Written ?? 0)
        + (_options.Parameters?.Written ?? 0);

    private DateTimeOffset Now => _time.GetUtcNow();

    public async ValueTask LookAsync(Snapshot snapshot, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var why = await OpenAsync(cancellation);
            Offer = why == Offer.Unavailable ? Offer : PlaneOffer.Ipvs with { Unavailable = why };
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask<IPreparedTable> PrepareAsync(PlaneTable table, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var translation = new Translation(table, _translation, _drains, Now);
            Refuse(translation.Problems);
            if (table.Services.Count == 0 && _kernel is null && !HasLeftovers())
            {
                return new PreparedTable(this, translation, []);
            }

            await ReachAsync(table, cancellation);
            if (_kernel is null)
            {
                return new PreparedTable(this, translation, []);
            }

            Refuse(Conflicts(translation));
            Own(translation);
            var added = await MakeAsync(translation, cancellation);
            _isPreparing = true;
            return new PreparedTable(this, translation, added);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _kernel?.Dispose();
        _kernel = null;
        _turn.Dispose();
        _bell.Dispose();
    }

    // A former process may have left what nobody wants any more.
    private bool HasLeftovers()
    {
        try
        {
            _owned.Read();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Fail(error.Message);
        }

        return _owned.Keys.Count > 0;
    }

    /// <returns>Why it cannot be opened; null: it is.</returns>
    private async Task<string?> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            if (_kernel is null)
            {
                _kernel = await _open(cancellation);
                _owned.Read();
            }

            return _kernel is null ? NoModule : null;
        }
        catch (NetlinkException error) when (error.Error is Errno.NotPermitted)
        {
            return "this process may not administer the network (CAP_NET_ADMIN)";
        }
        catch (Exception error)
            when (error is NetlinkException or LinuxException or IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }

    // Opens the table, and reads it, if that has not been done.
    private async Task ReachAsync(PlaneTable table, CancellationToken cancellation)
    {
        if (await OpenAsync(cancellation) is { } why)
        {
            Refuse(AboutAll(table, why, null));
            return;
        }

        try
        {
            if (_state is null)
            {
                await ReadAsync(cancellation);
            }
        }
        catch (NetlinkException error)
        {
            Refuse(AboutAll(table, error.Message, null));
        }
    }

    // What was settled is not any more, for somebody may have meddled.
    private async Task ReadAsync(CancellationToken cancellation)
    {
        _settled.Clear();
        _state = await KernelState.ReadAsync(_kernel!, IsOurs, cancellation);
    }

    private bool IsOurs(IpvsServiceKey key) => _owned.Contains(key);

    private bool IsForeign(IpvsServiceKey key) => _state!.Has(key) && !IsOurs(key);

    // A mark that was chosen here, and not by the user, is in nobody's way but by chance.
    private static bool MayBeAdopted(Translation translation, KernelService service) =>
        translation.Table.Ipvs.Adopt && service is { Role: not null, Marks.Count: 0 };

    private List<Problem> Conflicts(Translation translation) =>
        [
            .. translation
                .Services.Values.Where(service => IsForeign(service.Key) && !MayBeAdopted(translation, service))
                .Select(service => new Problem
                {
                    Path = service.Owner,
                    Message = $"the kernel's table has {service.Key} already, and somebody else made it",
                    Expected =
                        "a place that is free: 'ipvsadm -D' takes one away, 'ipvs: { adopt: true }' takes it over",
                }),
        ];

    private void Own(Translation translation)
    {
        try
        {
            // Foreign ones are left until the commit: what is abandoned is to be theirs still.
            _owned.Set(_owned.Keys.Union(translation.Services.Keys.Where(key => !IsForeign(key))).ToHashSet());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or LinuxException)
        {
            Refuse(AboutAll(translation.Table, $"{_options.OwnedFile} cannot be written: {error.Message}", null));
        }
    }

    /// <summary>Makes the services that are not there, or none of them and throws.</summary>
    private async Task<IReadOnlyList<IpvsServiceKey>> MakeAsync(Translation translation, CancellationToken cancellation)
    {
        var changes = new List<KernelChange>();
        foreach (var service in translation.Services.Values.Where(service => !_state!.Has(service.Key)))
        {
            Difference.Of(service, null, changes);
        }

        AddTrials(translation, changes);
        var added = changes.OfType<AddService>().Select(add => add.Key).ToList();
        var refused = await ApplyAsync(changes, cancellation);
        if (refused.Count > 0)
        {
            await TakeBackAsync(added, cancellation);
            Refuse([.. refused.Select(one => Describe(one.Change, one.Error))]);
        }

        return [.. added.Where(key => translation.Services.ContainsKey(key))];
    }

    // A scheduler that the kernel does not have must be found out before services that serve are changed to it.
    private void AddTrials(Translation translation, List<KernelChange> changes)
    {
        var missing = translation
            .Services.Values.Where(service => _state!.Has(service.Key))
            .Where(service => !_state!.Schedulers.Contains(service.Service.Scheduler))
            .DistinctBy(service => service.Service.Scheduler);
        foreach (var service in missing)
        {
            var key = IpvsServiceKey.Of(service.Key.Family, TrialMark);
            changes.Add(new AddService(service.Owner, service.Service with { Key = key, PersistenceEngine = null }));
            changes.Add(new RemoveService(service.Owner, key));
        }
    }

    private async Task TakeBackAsync(IReadOnlyList<IpvsServiceKey> added, CancellationToken cancellation)
    {
        var back = added.Where(key => _state!.Has(key)).Select(key => (KernelChange)new RemoveService("", key));
        await ApplyAsync([.. back], cancellation);
    }

    private static Problem Describe(KernelChange change, NetlinkError error) =>
        error.Error == Errno.NotFound && change is AddService { Service: var service }
            ? new()
            {
                Path = change.Owner,
                Message =
                    $"the kernel has no scheduler '{service.Scheduler}'"
                    + (service.PersistenceEngine is { } engine ? $" or no persistence by '{engine}'" : ""),
                Expected = $"its module: modprobe ip_vs_{service.Scheduler}",
            }
            : new() { Path = change.Owner, Message = $"the kernel refused to {change}: {error}" };

    private static List<Problem> AboutAll(PlaneTable table, string message, string? expected) =>
        [
            .. table.Services.Values.SelectMany(service =>
                service.Listeners.Select(
                    (_, index) =>
                        new Problem
                        {
                            Path = $"services.{service.Name}.listen[{index}]",
                            Message = message,
                            Expected = expected,
                        }
                )
            ),
        ];

    private static void Refuse(IReadOnlyList<Problem> problems)
    {
        if (problems.Count > 0)
        {
            throw new PlaneRefusedException(problems);
        }
    }

    private async Task<List<(KernelChange Change, NetlinkError Error)>> ApplyAsync(
        List<KernelChange> changes,
        CancellationToken cancellation
    )
    {
        var refused = new List<(KernelChange, NetlinkError)>();
        if (changes.Count == 0)
        {
            return refused;
        }

        Interlocked.Add(ref _writes, changes.Count);
        var state = _state!;
        // Whatever interrupts it, it is not known any more how far it came.
        _state = null;
        var results = await _kernel!.ApplyAsync(changes, cancellation);
        _state = state;
        for (var i = 0; i < changes.Count; i++)
        {
            if (results[i] is not { } error || IsDone(changes[i], error))
            {
                _state!.Done(changes[i]);
            }
            else
            {
                refused.Add((changes[i], error));
            }
        }

        return refused;
    }

    // Somebody did it first.
    private static bool IsDone(KernelChange change, NetlinkError error) =>
        change is RemoveService or RemoveServer && error.Error is Errno.NoProcess or Errno.NotFound;

    private sealed class PreparedTable(IpvsPlane plane, Translation translation, IReadOnlyList<IpvsServiceKey> added)
        : IPreparedTable
    {
        private bool _isCommitted;

        public async ValueTask CommitAsync()
        {
            _isCommitted = true;
            await plane.CommitAsync(translation);
        }

        public ValueTask DisposeAsync() => _isCommitted ? ValueTask.CompletedTask : plane.AbandonAsync(added);
    }
}
