using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Interfaces;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Forwarding.Xdp.Translating;
using Fulcrum.Forwarding.Xdp.Ways;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>Follows the ways to backends, and reads the counters when somebody asks.</summary>
public sealed partial class BpfPlane
{
    private static readonly TimeSpan LookAfterLeaving = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    /// <summary>Frames that a program sends confirm no neighbor; the kernel asks when nobody has for so long.</summary>
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan AttendEvery = TimeSpan.FromSeconds(2);

    /// <summary>A change is rarely alone.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(20);

    /// <summary>Until then nobody having answered is no trouble.</summary>
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(3);

    private readonly Signal _bell = new();
    private readonly Dictionary<IPAddress, DateTimeOffset> _silentSince = [];
    private volatile Sample _sample = new(new(0, []), DateTimeOffset.MinValue);
    private volatile HashSet<(int, IPAddress)> _followed = [];
    private volatile bool _isAsked;
    private volatile bool _hasMoved;
    private DateTimeOffset? _refreshedAt;
    private DateTimeOffset? _attendAt;

    private DateTimeOffset? RefreshAt => _program is null ? null : (_refreshedAt ?? Now) + RefreshEvery;

    public PlaneObservation Observe()
    {
        var sample = _sample;
        if (sample.StaleAt <= Now && !_isAsked)
        {
            _isAsked = true;
            _bell.Ring();
        }

        return sample.Observation;
    }

    /// <summary>Keeps the tables as they are wanted until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        // Whoever does not use the plane need not hear of every route.
        Task? watching = null;
        while (true)
        {
            await RingOrTimeAsync(cancellation);
            if (_hasMoved)
            {
                await Task.Delay(Gathering, _time, cancellation);
            }

            await _turn.WaitAsync(cancellation);
            try
            {
                await LookNowAsync(cancellation);
                watching ??= _program is null ? null : WatchAsync(cancellation);
            }
            finally
            {
                _turn.Release();
            }
        }
    }

    // The first that it tells is to look anew, so that nothing is missed that was before it.
    private Task WatchAsync(CancellationToken cancellation) =>
        new WayWatch(
            _options.Net,
            neighbor => _followed.Contains((neighbor.Interface, neighbor.Address)),
            _time
        ).RunAsync(
            () =>
            {
                _hasMoved = true;
                _bell.Ring();
            },
            cancellation
        );

    private async Task RingOrTimeAsync(CancellationToken cancellation)
    {
        var wake = WakeAt;
        var wait = wake == DateTimeOffset.MaxValue ? Timeout.InfiniteTimeSpan : wake - Now;
        using var alarm = new CancellationTokenSource(
            wait == Timeout.InfiniteTimeSpan || wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
            _time
        );
        using var either = CancellationTokenSource.CreateLinkedTokenSource(alarm.Token, cancellation);
        try
        {
            _ = await _bell.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Its time has come.
        }
    }

    private async Task LookNowAsync(CancellationToken cancellation)
    {
        // Also while another process of this node is to take over.
        var now = Now;
        Attend(now);
        if (_program is null || _isResting)
        {
            return;
        }

        try
        {
            var refreshes = RefreshAt <= now;
            if (refreshes || _hasMoved || _retryAt <= now)
            {
                _hasMoved = false;
                await FindWaysAsync([.. Standing], refreshes, cancellation);
                await FollowGroundAsync(cancellation);
            }

            if (_translation.WakeAt <= now)
            {
                _translation = new(_translation.Table, _translation, _drains, now);
            }

            _leaving.Settle(now);
            await ReconcileAsync();
            if (_isAsked && _program is not null)
            {
                _isAsked = false;
                _sample = new(Sampling.Of(_translation, _program, _vipNumbers!, _backendNumbers!), Now + FreshFor);
            }
        }
        catch (Exception error) when (IsOfTheMachine(error))
        {
            Fail(error.Message);
        }
    }

    private async Task FindWaysAsync(
        IReadOnlyCollection<WantedVip> vips,
        bool refreshes,
        CancellationToken cancellation
    )
    {
        var addresses = vips.SelectMany(vip => vip.Backends).Select(backend => backend.Address).ToHashSet();
        var ways = await _finder.FindAsync(addresses, refreshes, cancellation);
        foreach (var (address, way) in ways)
        {
            // Who does not answer for a moment is where he was.
            if (
                way.Hardware is null
                && _ways.GetValueOrDefault(address) is { Hardware: { } known } former
                && former.Interface == way.Interface
            )
            {
                ways[address] = way with { Hardware = known };
            }
        }

        _ways = ways;
        _followed = [.. ways.Values.Where(way => way.Next is not null).Select(way => (way.Asked, way.Next!))];
        if (refreshes || _refreshedAt is null)
        {
            _refreshedAt = Now;
        }
    }

    private void Attend(DateTimeOffset now)
    {
        if (_program is { Options.AttendedFor: not null } program)
        {
            program.Attend(_time);
            _attendAt = now + AttendEvery;
        }
        else
        {
            _attendAt = null;
        }
    }

    // An interface that was taken away and comes again, or has another hardware address, is one to begin anew with.
    private async Task FollowGroundAsync(CancellationToken cancellation)
    {
        _ground = await Ground.LookAsync(_options.Net, _options.Open, _translation.Table.Xdp, _time, cancellation);
        foreach (var one in _ground.Interfaces)
        {
            if (one.Link is { } link && !_places.Has(one.Name, link.Index))
            {
                await _places.AttachAsync(one.Name, link.Index, ProgramOf(_program!), isGeneric: !one.RunsPrograms);
            }
        }
    }

    /// <summary>What keeps packets from backends that are to get some.</summary>
    private List<string> Troubles()
    {
        var now = Now;
        var troubles = new List<string>();
        var served = _translation
            .Vips.SelectMany(vip => vip.Backends)
            .Where(backend => backend.Weight > 0)
            .Select(backend => backend.Address)
            .ToHashSet();
        foreach (var address in served)
        {
            if (_ways.GetValueOrDefault(address)?.Trouble is not { } trouble)
            {
                _silentSince.Remove(address);
                continue;
            }

            if (!_silentSince.TryGetValue(address, out var since))
            {
                _silentSince[address] = since = now;
            }

            if (now - since >= AnswerPatience)
            {
                troubles.Add($"backend {address}: {trouble}");
            }
            else
            {
                _retryAt = since + AnswerPatience;
            }
        }

        var named = _ground?.Interfaces.Select(one => one.Link?.Index ?? 0).ToHashSet() ?? [];
        troubles.AddRange(
            _translation
                .Vips.SelectMany(vip => vip.Backends)
                .Where(backend => backend.Forwarding is BackendForwarding.Nat or BackendForwarding.FullNat)
                .Select(backend => backend.Address)
                .Distinct()
                .Where(address =>
                    _ways.GetValueOrDefault(address) is { Interface: > 0 and var index } && !named.Contains(index)
                )
                .Select(address =>
                    $"backend {address}: its answers come in by an interface that 'xdp: {{ interfaces }}' does not name, and are not translated back"
                )
        );
        return troubles;
    }

    private sealed record Sample(PlaneObservation Observation, DateTimeOffset StaleAt);
}
