using Fulcrum.Engine.Inheriting;
using Fulcrum.Linux.Processes;
using Fulcrum.Upgrading;

namespace Fulcrum.Hosting;

/// <summary>
/// From one process of a node to the next. Up to <see cref="FinishAsync"/> nothing is done that <see cref="ThawAsync"/>
/// does not undo: clients are served, checks are run, and the dead are put out all the while.
/// </summary>
internal sealed partial class RunningNode
{
    private static readonly TimeSpan FreezingPatience = TimeSpan.FromSeconds(10);

    /// <summary>Who asks from now on is not heard by the API; makes sure that those before are answered, and rests the journal.</summary>
    /// <exception cref="HandoverException">Something is under way that does not go with it.</exception>
    public async Task FreezeAsync()
    {
        try
        {
            await Engine.AnswerAsync().WaitAsync(FreezingPatience, TimeProvider.System);
            if (Engine.ConfirmBy is { } by)
            {
                throw new HandoverException(
                    $"a change waits for its confirmation until {by:u}; 'fulcrum confirm' first, or wait until it is taken back"
                );
            }

            await _ipvs.RestAsync(_stop.Token).WaitAsync(FreezingPatience, TimeProvider.System);
            foreach (var plane in _programs)
            {
                await plane.RestAsync(_stop.Token).WaitAsync(FreezingPatience, TimeProvider.System);
            }

            await _journal.SuspendAsync().WaitAsync(FreezingPatience, TimeProvider.System);
            _disk.Release();
        }
        catch (TimeoutException)
        {
            throw new HandoverException("the engine or the disk of the journal does not answer");
        }
    }

    /// <summary>What <see cref="FreezeAsync"/> began comes to nothing, whether it came to its end or not.</summary>
    public Task ThawAsync()
    {
        _ipvs.Resume();
        Array.ForEach(_programs, plane => plane.Resume());
        return _journal.ResumeAsync();
    }

    /// <summary>Copies of all sockets that the next process needs, with their names; the caller's to close.</summary>
    public async Task<IReadOnlyList<(string Name, int Descriptor)>> ShareAsync() =>
        Legacy.Named(_apiSockets.Share(), await _plane.ShareAsync());

    /// <summary>Lets the service manager keep the sockets that clients reach, if it does such a thing.</summary>
    /// <param name="stored">Names under which it may keep some already.</param>
    public Task StoreSocketsAsync(ServiceManager manager, IEnumerable<string> stored, CancellationToken stop)
    {
        if (ServiceManager.StoreRoom == 0)
        {
            return Task.CompletedTask;
        }

        _plane.LeavesSocketFiles = true;
        return new SocketStore(_plane, manager, ServiceManager.StoreRoom, _log).RunAsync(stored, stop);
    }

    public Inheritance Bequeath() => Engine.Bequeath();

    /// <summary>The node is this process's: lets in whoever comes. Until then the one before it does that alone.</summary>
    public Task BeginAsync() => _plane.BeginAsync();

    /// <summary>
    /// The node is another process's, with its listeners, addresses and API: this one decides nothing more, lets in nobody
    /// more, and serves whom it has until the longest deadline of any service.
    /// </summary>
    public async Task FinishAsync(CancellationToken stop)
    {
        var deadline = DrainDeadline;
        _wide.LeavesRoutes = true;
        var progress = new DrainProgress(deadline, null, TimeSpan.Zero, TimeProvider.System, _log);
        var drain = _plane.HandOverAsync(deadline, progress, stop);
        _apiSockets.HandOver();
        await EndApiAsync();
        await _stop.CancelAsync();
        await InTimeAsync(_work);
        await progress.FollowAsync(drain);
        await drain.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task EndApiAsync()
    {
        if (_api is not null)
        {
            await _api.DisposeAsync();
            _api = null;
        }
    }
}
