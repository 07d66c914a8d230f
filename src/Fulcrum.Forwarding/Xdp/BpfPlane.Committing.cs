using Fulcrum.Forwarding.Xdp.Numbering;
using Fulcrum.Forwarding.Xdp.Tables;
using Fulcrum.Forwarding.Xdp.Translating;
using Fulcrum.Linux;
using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Linux.Netlink;
using Fulcrum.Linux.Netlink.Links;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>Makes the tables what is wanted, and keeps them so.</summary>
public sealed partial class BpfPlane
{
    private const string OwnersMap = "owners";

    /// <summary>More numbers than any table has entries; memory is taken as they are given.</summary>
    private const int MostOwners = 1 << 20;

    private const int HardwareLength = 6;

    // Whoever has a number has a generation with it.
    private readonly Dictionary<uint, uint> _generations = [];
    private DateTimeOffset _retryAt = DateTimeOffset.MaxValue;

    private DateTimeOffset WakeAt =>
        new[] { _retryAt, _translation.WakeAt, _leaving.NextDeadline, RefreshAt, _attendAt }
            .OfType<DateTimeOffset>()
            .Min();

    /// <summary>
    /// Another process of this node has the tables from now on, and this one writes no more.
    /// <see cref="Resume"/> takes that back.
    /// </summary>
    public async Task RestAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        _isResting = true;
        _turn.Release();
    }

    /// <summary>The other process did not come to be; what it left is ours to mend.</summary>
    public void Resume()
    {
        _isResting = false;
        _retryAt = Now;
        _bell.Ring();
    }

    public async Task DrainAsync(TimeSpan deadline, IProgress<int>? progress, CancellationToken cancellation)
    {
        var until = Now + deadline;
        try
        {
            await InTurnAsync(() => LeaveAsync(until), cancellation);
            while (_leaving.NextDeadline is not null)
            {
                var left = 0;
                await InTurnAsync(
                    () =>
                    {
                        left = SettleLeaving();
                        return Task.CompletedTask;
                    },
                    cancellation
                );
                progress?.Report(left);
                if (left > 0)
                {
                    await Task.Delay(LookAfterLeaving, _time, cancellation);
                }
            }
        }
        finally
        {
            await InTurnAsync(TakeDownAsync, CancellationToken.None);
        }
    }

    private async Task CommitAsync(VipTranslation translation, (XdpProgram Program, XdpOptions Options)? next)
    {
        await _turn.WaitAsync();
        try
        {
            _isPreparing = false;
            var former = _translation;
            _translation = translation;
            LetGo(former);
            if (next is var (program, options))
            {
                await TakeAsync(program, options);
            }

            await ReconcileAsync();
        }
        finally
        {
            _turn.Release();
            _bell.Ring();
        }
    }

    private async ValueTask AbandonAsync(XdpProgram? program, IReadOnlyList<string> attached)
    {
        await _turn.WaitAsync();
        try
        {
            _isPreparing = false;
            foreach (var name in attached)
            {
                await _places.DetachAsync(name);
            }

            program?.Dispose();
        }
        finally
        {
            _turn.Release();
            _bell.Ring();
        }
    }

    /// <summary>What is not wanted any more leaves; what is wanted again stays.</summary>
    private void LetGo(VipTranslation former)
    {
        var wanted = _translation.Vips.Select(vip => vip.Identity).ToHashSet(StringComparer.Ordinal);
        foreach (var identity in wanted)
        {
            _leaving.Forget(identity);
        }

        foreach (var vip in former.Vips.Where(vip => !wanted.Contains(vip.Identity)))
        {
            _leaving.Add(vip, Now + former.DeadlineOf(vip.Service));
        }
    }

    /// <summary>The tables are written before anything asks them; then the program takes the place of the one before.</summary>
    private async Task TakeAsync(XdpProgram program, XdpOptions options)
    {
        var (former, before) = (_program, _writer);
        try
        {
            _writer = new(program);
            if (before is not null && !program.HasFreshRings)
            {
                _writer.Remember(before);
            }

            (_program, _programFor) = (program, options);
            _writer.Write(Content());
            Attend(Now);
            program.Pin(_pins);
            await _places.ReplaceAsync(ProgramOf(program));
            _pins.RemoveOldMaps();
        }
        catch (Exception error) when (IsOfTheMachine(error))
        {
            // With the next attempt it is loaded anew.
            _programFor = null;
            Fail(error.Message);
        }
        finally
        {
            former?.Dispose();
        }
    }

    private async Task ReconcileAsync()
    {
        _retryAt = DateTimeOffset.MaxValue;
        if (_isResting || _isPreparing || _program is null)
        {
            return;
        }

        if (_translation.Vips.Count == 0 && _leaving.NextDeadline is null)
        {
            await TakeDownAsync();
            return;
        }

        try
        {
            var before = _writer!.Writes;
            var content = Content();
            _writer.Write(content);
            _writer.Prune(content);
            FilterFrames();
            Interlocked.Add(ref _writes, _writer.Writes - before);
            foreach (var left in _places.Names.Except(_translation.Table.Xdp.Interfaces.ToList()).ToList())
            {
                if (_translation.Vips.Count > 0)
                {
                    await _places.DetachAsync(left);
                }
            }

            Conclude(string.Join(Environment.NewLine, Troubles()));
        }
        catch (Exception error) when (IsOfTheMachine(error))
        {
            Fail(error.Message);
        }
    }

    // An interface may hear frames that are for others.
    private void FilterFrames()
    {
        foreach (var link in _ground?.Interfaces.Select(one => one.Link).OfType<NetworkLink>() ?? [])
        {
            if (link.HardwareAddress is { } hardware && hardware.GetAddressBytes().Length == HardwareLength)
            {
                _ = _program!.SetInterface((uint)link.Index, TableHardware.Of(hardware));
            }
        }
    }

    private IEnumerable<WantedVip> Standing => _translation.Vips.Concat(_leaving.All);

    private TableContent Content()
    {
        var content = new TableContent();
        foreach (var vip in Standing)
        {
            ContentOf.Add(content, vip, _vipNumbers![vip.Identity], one => _backendNumbers![one], EntryOf);
        }

        return content;
    }

    private BackendEntry EntryOf(WantedBackend backend) =>
        ContentOf.Entry(
            backend,
            _ways.GetValueOrDefault(backend.Address) ?? new(),
            _generations.GetValueOrDefault(_backendNumbers![backend.Identity])
        );

    private void OpenBook()
    {
        if (_owners is not null)
        {
            return;
        }

        using var found = _pins.OpenMap(OwnersMap);
        using var made = found is not null
            ? null
            : BpfMap.Make(
                new()
                {
                    Name = OwnersMap,
                    Type = BpfMapType.Hash,
                    KeySize = sizeof(uint),
                    ValueSize = 2 * sizeof(ulong),
                    MaxEntries = MostOwners,
                    Flags = BpfMapFlags.NoPreallocation,
                }
            );
        if (made is not null)
        {
            _pins.Pin(OwnersMap, made);
        }

        _owners = new((found ?? made)!);
        (_backendNumbers, _vipNumbers) = (new(_owners, NumberBook.Backends), new(_owners, NumberBook.Vips));
        using var backends = _pins.OpenMap("backends");
        if (backends is not null)
        {
            using var typed = new BpfMap<uint, BackendEntry>(backends);
            foreach (var (number, entry) in typed.ToList().Where(pair => pair.Value.Generation != 0))
            {
                _generations[number] = entry.Generation;
            }
        }
    }

    private (int Vips, int Backends) SizesOf(IReadOnlyCollection<WantedVip> vips)
    {
        return (
            Tailoring.SizeFor(vips.Select(vip => vip.Identity).Distinct().Count(), PresentOf("vip_traffic")),
            Tailoring.SizeFor(
                vips.SelectMany(vip => vip.Backends).Select(backend => backend.Identity).Distinct().Count(),
                PresentOf("backends")
            )
        );

        int PresentOf(string name)
        {
            using var map = _pins.OpenMap(name);
            return map?.Spec.MaxEntries ?? 0;
        }
    }

    /// <summary>Who has no number gets one. What flows of its former owner know of it holds no longer.</summary>
    private void Number(IReadOnlyCollection<WantedVip> vips, XdpProgram program)
    {
        var options = program.Options;
        var identities = vips.SelectMany(vip => vip.Backends).Select(backend => backend.Identity);
        foreach (var number in _backendNumbers!.Want([.. identities], (uint)options.MostBackends))
        {
            _generations[number] = _generations.GetValueOrDefault(number) + 1;
            program.Backends.Set(number, new BackendEntry { Generation = _generations[number] });
            program.ForgetTrafficOfBackend(number);
        }

        foreach (var number in _vipNumbers!.Want([.. vips.Select(vip => vip.Identity)], (uint)options.MostVips))
        {
            program.ForgetTrafficOfVip(number);
        }
    }

    private Task LeaveAsync(DateTimeOffset until)
    {
        foreach (var vip in _translation.Vips)
        {
            _leaving.Add(vip, until);
        }

        _translation = VipTranslation.Empty;
        return ReconcileAsync();
    }

    /// <returns>Connections that are left.</returns>
    private int SettleLeaving()
    {
        _leaving.Settle(Now);
        var left = _leaving.NextDeadline is null || _program is null ? 0 : Remaining.Count(_program);
        if (left == 0)
        {
            _leaving.Clear();
        }

        return left;
    }

    /// <summary>Nothing is left in the kernel.</summary>
    private async Task TakeDownAsync()
    {
        _translation = VipTranslation.Empty;
        _leaving.Clear();
        if (_isResting || !_pins.Exists)
        {
            return;
        }

        try
        {
            await _places.AdoptAsync();
            await _places.DetachAllAsync();
            Close();
            _pins.Remove();
            _generations.Clear();
            _trouble = null;
        }
        catch (Exception error) when (IsOfTheMachine(error))
        {
            Fail(error.Message);
        }
    }

    // The kernel refused something, or the BPF file system did.
    private static bool IsOfTheMachine(Exception error) =>
        error is NetlinkException or LinuxException or IOException or UnauthorizedAccessException;

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
            _options.Tell?.Invoke($"plane {Name}: {trouble}");
        }

        _trouble = trouble;
        _retryAt = Now + RetryAfter;
    }

    private async Task InTurnAsync(Func<Task> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
