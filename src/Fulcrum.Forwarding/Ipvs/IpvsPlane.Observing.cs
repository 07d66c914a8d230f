using Fulcrum.Engine.Ports;
using Fulcrum.Linux;
using Fulcrum.Linux.Netlink;

namespace Fulcrum.Forwarding.Ipvs;

/// <summary>Reads the table again: for its counters when somebody asks, and to mend what others did to it.</summary>
public sealed partial class IpvsPlane
{
    /// <summary>The kernel counts anew every two seconds; connections are told at once.</summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(1);

    // Of a large table reading takes a while, and is not to take more than a fiftieth of a processor.
    private const int PauseForReading = 50;

    private readonly SemaphoreSlim _bell = new(0);
    private volatile Sample _sample = new(new(0, []), DateTimeOffset.MinValue);
    private volatile bool _isAsked;

    public PlaneObservation Observe()
    {
        var sample = _sample;
        if (sample.StaleAt <= Now && !_isAsked)
        {
            _isAsked = true;
            _bell.Release();
        }

        return sample.Observation;
    }

    /// <summary>Keeps the table as it is wanted until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var wait = WakeAt - Now;
            var bounded = wait > _options.RereadEvery ? _options.RereadEvery : wait;
            await RingOrTimeAsync(bounded < TimeSpan.Zero ? TimeSpan.Zero : bounded, cancellation);
            var isDue = WakeAt <= Now + LookAfterLeaving || _isAsked;
            _isAsked = false;
            if (isDue)
            {
                await LookNowAsync(cancellation);
            }
        }
    }

    internal async Task LookNowAsync(CancellationToken cancellation)
    {
        if (_kernel is not null)
        {
            await InTurnAsync(() => RereadAsync(cancellation), cancellation);
        }
    }

    private async Task RingOrTimeAsync(TimeSpan wait, CancellationToken cancellation)
    {
        using var alarm = new CancellationTokenSource(wait, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(alarm.Token, cancellation);
        try
        {
            await _bell.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Its time has come.
        }
    }

    private async Task<bool> RereadAsync(CancellationToken cancellation)
    {
        var now = Now;
        if (_translation.WakeAt <= now)
        {
            _translation = new(_translation.Table, _translation, _drains, now);
        }

        await RefreshAsync(cancellation);
        return true;
    }

    private async Task RefreshAsync(CancellationToken cancellation)
    {
        if (_isResting)
        {
            return;
        }

        try
        {
            var began = _time.GetTimestamp();
            await ReadAsync(cancellation);
            var took = _time.GetElapsedTime(began);
            var pause = took * PauseForReading;
            _rereadAt = Now + (pause > _options.RereadEvery ? pause : _options.RereadEvery);
            _sample = new(Sampling.Of(_translation, _state!), Now + (pause > FreshFor ? pause : FreshFor));
            _leaving.Settle(_state!, Now);
        }
        catch (Exception error) when (error is NetlinkException or LinuxException)
        {
            Fail(error.Message);
            return;
        }

        await ReconcileAsync(cancellation);
    }

    private sealed record Sample(PlaneObservation Observation, DateTimeOffset StaleAt);
}
