using Fulcrum.Forwarding.Ipvs.Kernel;
using Fulcrum.Forwarding.Ipvs.Translating;
using Fulcrum.Forwarding.Marking;
using Fulcrum.Forwarding.SourceNat;
using Fulcrum.Linux;
using Fulcrum.Linux.Ipvs;
using Fulcrum.Linux.Netlink;
using Fulcrum.Model;

namespace Fulcrum.Forwarding.Ipvs;

/// <summary>Makes the table what is wanted, and keeps it so.</summary>
public sealed partial class IpvsPlane
{
    private static readonly TimeSpan LookAfterLeaving = TimeSpan.FromSeconds(1);

    // What is said of them; null: nothing yet, or not all of it could be done.
    private List<MarkRule>? _marks;
    private List<SourceRule>? _sources;

    // Whose parameters are set.
    private Translation? _parametersFor;
    private DateTimeOffset _retryAt = DateTimeOffset.MaxValue;
    private DateTimeOffset _rereadAt = DateTimeOffset.MaxValue;

    private DateTimeOffset WakeAt
    {
        get
        {
            var wake = _retryAt < _rereadAt ? _retryAt : _rereadAt;
            wake = _translation.WakeAt < wake ? _translation.WakeAt.Value : wake;
            var leaving = _leaving.NextDeadline is null ? DateTimeOffset.MaxValue : Now + LookAfterLeaving;
            return leaving < wake ? leaving : wake;
        }
    }

    /// <summary>
    /// Another process of this node has the table from now on, and this one writes no more.
    /// <see cref="Resume"/> takes that back.
    /// </summary>
    public async Task RestAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        _isResting = true;
        _turn.Release();
    }

    /// <summary>The other process did not come to be; what it left in the table is ours to mend.</summary>
    public void Resume()
    {
        _isResting = false;
        _retryAt = Now;
        _bell.Release();
    }

    public async Task DrainAsync(TimeSpan deadline, IProgress<int>? progress, CancellationToken cancellation)
    {
        if (_kernel is null)
        {
            return;
        }

        var until = Now + deadline;
        try
        {
            await InTurnAsync(() => LeaveAsync(until, cancellation), cancellation);
            while (!await InTurnAsync(() => HasLeftAsync(progress, cancellation), cancellation))
            {
                await Task.Delay(LookAfterLeaving, _time, cancellation);
            }
        }
        finally
        {
            await InTurnAsync(RemoveAllAsync, CancellationToken.None);
        }
    }

    private async Task CommitAsync(Translation translation)
    {
        await _turn.WaitAsync();
        try
        {
            _isPreparing = false;
            var former = _translation;
            (_translation, _settings) = (translation, translation.Table.Ipvs);
            if (_kernel is not null)
            {
                LetGo(former);
                await ReconcileAsync(CancellationToken.None);
                _rereadAt = Now + _options.RereadEvery;
            }
        }
        finally
        {
            _turn.Release();
            _bell.Release();
        }
    }

    private async ValueTask AbandonAsync(IReadOnlyList<IpvsServiceKey> added)
    {
        await _turn.WaitAsync();
        try
        {
            _isPreparing = false;
            if (_state is not null)
            {
                await TakeBackAsync(added, CancellationToken.None);
            }
        }
        catch (Exception error) when (error is NetlinkException or LinuxException)
        {
            // What is left is ours and not wanted: it goes when the table is read again.
            Fail(error.Message);
        }
        finally
        {
            _turn.Release();
            _bell.Release();
        }
    }

    /// <summary>What is ours and not wanted any more leaves; what is wanted again stays.</summary>
    private void LetGo(Translation former)
    {
        foreach (var key in _translation.Services.Keys)
        {
            _leaving.Forget(key);
        }

        foreach (var (key, service) in former.Services)
        {
            // One for probes has nobody to wait for.
            if (service.Role is { } role && !_translation.Services.ContainsKey(key))
            {
                _leaving.Add(service, Now + former.DeadlineOf(role.Service));
            }
        }
    }

    private async Task ReconcileAsync(CancellationToken cancellation)
    {
        _retryAt = DateTimeOffset.MaxValue;
        if (_isResting || _isPreparing || _kernel is null)
        {
            return;
        }

        try
        {
            if (_state is null)
            {
                await ReadAsync(cancellation);
            }

            await AdoptAsync(cancellation);
            var wanted = _translation.Services.Values.Concat(_leaving.All).ToList();
            var refused = await ApplyAsync(Changes(wanted), cancellation);
            var troubles = refused.Select(one => Describe(one.Change, one.Error).ToString());
            troubles = troubles.Concat(Conflicts(_translation).Select(problem => problem.ToString()));
            Settle(wanted, [.. refused.Select(one => one.Change.Key)]);
            _owned.Set(wanted.Select(service => service.Key).Concat(_state!.Keys.Where(IsOurs)).ToHashSet());
            troubles = troubles.Concat(await TranslateAsync(wanted, cancellation));
            troubles = troubles.Concat(await SettleSettingsAsync(cancellation));
            Conclude(string.Join(Environment.NewLine, troubles.Distinct(StringComparer.Ordinal)));
        }
        catch (Exception error)
            when (error is NetlinkException or LinuxException or IOException or UnauthorizedAccessException)
        {
            Fail(error.Message);
        }
    }

    /// <summary>What others made in places of ours is ours from now on, if that is asked for; its servers are looked at.</summary>
    private async Task AdoptAsync(CancellationToken cancellation)
    {
        var adopted = _translation
            .Services.Values.Where(service => MayBeAdopted(_translation, service) && IsForeign(service.Key))
            .Select(service => service.Key)
            .ToList();
        if (adopted.Count > 0)
        {
            _owned.Set(_owned.Keys.Union(adopted).ToHashSet());
            await ReadAsync(cancellation);
        }
    }

    // Around the table: marks before it, sources behind it. What it does not need costs no look.
    private async Task<IReadOnlyList<string>> TranslateAsync(List<KernelService> wanted, CancellationToken cancellation)
    {
        var marks = wanted.SelectMany(service => service.Marks).ToList();
        var sources = wanted.SelectMany(service => service.Sources).Distinct().ToList();
        var problems = new List<string>();
        if (_options.Marks is { } marking && IsNew(marks, _marks))
        {
            problems.AddRange(await marking.ApplyAsync(marks, cancellation));
        }

        if (_options.Sources is { } translating && IsNew(sources, _sources))
        {
            problems.AddRange(await translating.ApplyAsync(sources, cancellation));
        }

        if (_options.Parameters is { } parameters && !ReferenceEquals(_parametersFor, _translation))
        {
            var isShared = _settings.Sync is not null;
            problems.AddRange(
                await parameters.ApplyAsync(wanted, _translation.TemplatesExpire, isShared, cancellation)
            );
            _parametersFor = problems.Count == 0 ? _translation : null;
        }

        (_marks, _sources) = problems.Count == 0 ? (marks, sources) : (null, null);
        return problems;
    }

    // A former run may have left some that nobody wants.
    private bool IsNew<T>(List<T> wanted, List<T>? said) =>
        said is null ? wanted.Count > 0 || _owned.HadAny : !wanted.SequenceEqual(said);

    private List<KernelChange> Changes(List<KernelService> wanted)
    {
        var changes = new List<KernelChange>();
        var keys = new HashSet<IpvsServiceKey>(wanted.Count);
        foreach (var service in wanted)
        {
            keys.Add(service.Key);
            var have = _state!.Find(service.Key);
            var isSettled = _settled.TryGetValue(service.Key, out var settled) && ReferenceEquals(settled, service);
            if (!isSettled && (have is null || IsOurs(service.Key)))
            {
                Difference.Of(service, have, changes);
            }
        }

        changes.AddRange(
            _state!.Keys.Where(key => IsOurs(key) && !keys.Contains(key)).Select(key => new RemoveService("", key))
        );
        return changes;
    }

    private void Settle(List<KernelService> wanted, HashSet<IpvsServiceKey> refused)
    {
        _settled.Clear();
        foreach (var service in wanted.Where(service => !refused.Contains(service.Key)))
        {
            _settled[service.Key] = service;
        }
    }

    private void Conclude(string trouble)
    {
        if (trouble.Length > 0)
        {
            Fail(trouble);
        }
        else
        {
            _trouble = null;
        }
    }

    private void Fail(string trouble)
    {
        if (trouble != _trouble)
        {
            _options.Tell?.Invoke($"plane ipvs: {trouble}");
        }

        _trouble = trouble;
        _retryAt = Now + RetryAfter;
    }

    private async Task<bool> LeaveAsync(DateTimeOffset until, CancellationToken cancellation)
    {
        foreach (var service in _translation.Services.Values.Where(service => service.Role is not null))
        {
            _leaving.Add(service, until);
        }

        _translation = Translation.Empty;
        await ReconcileAsync(cancellation);
        return true;
    }

    private async Task<bool> HasLeftAsync(IProgress<int>? progress, CancellationToken cancellation)
    {
        await RefreshAsync(cancellation);
        progress?.Report(
            (int)
                Math.Min(
                    int.MaxValue,
                    _leaving.All.Sum(service => _state is { } state ? LeavingServices.LeftOf(service, state) : 0)
                )
        );
        return _leaving.NextDeadline is null;
    }

    private async Task<bool> RemoveAllAsync()
    {
        _translation = Translation.Empty;
        _settings = IpvsSettings.Default;
        _leaving.Clear();
        await ReconcileAsync(CancellationToken.None);
        foreach (var problem in _options.Parameters?.Restore() ?? [])
        {
            _options.Tell?.Invoke($"plane ipvs: {problem}");
        }

        return true;
    }

    private async Task<bool> InTurnAsync(Func<Task<bool>> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
