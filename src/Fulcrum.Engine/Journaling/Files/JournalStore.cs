using Fulcrum.Model.Problems;

namespace Fulcrum.Engine.Journaling.Files;

/// <summary>
/// The journal's files and what condition they are in. Belongs to one task. Every method that throws leaves the
/// condition such that the next <see cref="MakeFitAsync"/> repairs what was left half done, or throws as well.
/// <para>
/// A new file is written under another name, flushed, renamed, and its name flushed; until then the former one counts.
/// From the rename on nothing may be added to the former one, because the new one would hide it: if anything fails
/// then, the way out is yet another new file. So it is at every start: what a killed process had written may read well
/// and not be durable, even if it is flushed again, because a kernel forgets what it could not write.
/// </para>
/// </summary>
internal sealed class JournalStore(IJournalDisk disk, JournalOptions options)
{
    // Compaction that fails is tried again later; a file of this many times the bound takes no more.
    private const int MostOverdue = 4;
    private const int MostDamagedKept = 4;

    private readonly HashSet<JournalName> _damaged = [];
    private readonly List<string> _setAside = [];
    private Fitness _fitness = Fitness.Spent;
    private JournalName _name;
    private JournalName? _former;
    private long _highest;
    private long _snapshotEnd;
    private long _due;

    private enum Fitness
    {
        /// <summary>All that is in the file is durable and whole.</summary>
        Fit,

        /// <summary>There may be something after <see cref="Length"/>, which has to go.</summary>
        Torn,

        /// <summary>
        /// Nobody knows what is durable: the file is of a former run, or a flush failed. A new one is needed.
        /// </summary>
        Spent,
    }

    /// <summary>Of the file in use, as far as it is whole and durable.</summary>
    public long Length { get; private set; }

    public long Compactions { get; private set; }

    public bool IsCompactionDue => _fitness == Fitness.Fit && Length - _snapshotEnd >= _due;

    private long Bound => Math.Max(options.CompactAfterBytes, _snapshotEnd);

    /// <summary>Reads everything and repairs what it can. Changes nothing when it throws.</summary>
    public async Task<(JournalState State, JournalRecovery Recovery)> RecoverAsync(CancellationToken cancellation)
    {
        var files = await ReadAsync(cancellation);
        var replay = JournalReplay.Of(files);
        var recovery = replay.Recovery;
        _former = files.LastOrDefault(file => !file.IsDamaged)?.Name;
        _damaged.UnionWith(files.Where(file => file.IsDamaged).Select(file => file.Name));
        try
        {
            if (files is [.., { IsDamaged: false, Ending: JournalEnding.Torn } torn])
            {
                var name = torn.Name.ToString();
                await disk.TruncateAsync(name, torn.GoodLength);
                await disk.FlushAsync(name);
                recovery = recovery with { Cut = new(name, torn.GoodLength, torn.Length - torn.GoodLength) };
            }

            await BeginFileAsync(replay.State);
            await TidyAsync();
        }
#pragma warning disable CA1031 // A disk that cannot be written must not keep us from what could be read.
        catch (Exception error)
#pragma warning restore CA1031
        {
            recovery = recovery with { Problems = recovery.Problems.Add(CannotWrite(error)) };
        }

        return (replay.State, recovery with { SetAside = [.. _setAside] });
    }

    /// <summary>
    /// Somebody else has used the directory meanwhile. Whatever was written there counts no more: a new file with this
    /// state does, and the others go.
    /// </summary>
    public async Task ReturnAsync(JournalState state)
    {
        _fitness = Fitness.Spent;
        _former = null;
        foreach (var name in await NamesAsync())
        {
            _highest = Math.Max(_highest, name.Number);
        }

        await ReplaceFileAsync(state);
    }

    /// <summary>Makes the file such that a commit can be added.</summary>
    public async Task MakeFitAsync(JournalState state)
    {
        if (_fitness == Fitness.Torn)
        {
            await disk.TruncateAsync(_name.ToString(), Length);
            _fitness = Fitness.Spent;
            await disk.FlushAsync(_name.ToString());
            _fitness = Fitness.Fit;
        }

        if (_fitness == Fitness.Spent || Length - _snapshotEnd >= MostOverdue * Bound)
        {
            await ReplaceFileAsync(state);
        }
    }

    /// <summary>Returns when the record is durable.</summary>
    public async Task CommitAsync(ReadOnlyMemory<byte> record)
    {
        var name = _name.ToString();
        _fitness = Fitness.Torn;
        await disk.AppendAsync(name, record);
        _fitness = Fitness.Spent;
        await disk.FlushAsync(name);
        _fitness = Fitness.Fit;
        Length += record.Length;
    }

    /// <summary>Takes a failed commit out of the file, so that a restart does not find it. What fails here is left to the next commit.</summary>
    public async Task CutBackAsync(JournalState state)
    {
        try
        {
            if (_fitness == Fitness.Spent)
            {
                await disk.TruncateAsync(_name.ToString(), Length);
                await disk.FlushAsync(_name.ToString());
            }

            await MakeFitAsync(state);
        }
#pragma warning disable CA1031 // The failure that led here is the one that is told.
        catch
#pragma warning restore CA1031
        {
            // The condition says that there is something left to do.
        }
    }

    /// <summary>Replaces the file by one that begins with this state.</summary>
    public async Task CompactAsync(JournalState state)
    {
        _due = Length - _snapshotEnd + Bound;
        await ReplaceFileAsync(state);
        Compactions++;
    }

    private async Task<IReadOnlyList<JournalFile>> ReadAsync(CancellationToken cancellation)
    {
        var files = new List<JournalFile>();
        foreach (var name in await NamesAsync())
        {
            cancellation.ThrowIfCancellationRequested();
            _highest = name.Number;
            if (name.Suffix.Length == 0)
            {
                files.Add(JournalFile.Read(name, await disk.ReadAsync(name.ToString())));
            }
        }

        return files.Find(file => file.IsNewer) is { } newer
            ? throw JournalException.Newer(newer.Name.ToString(), newer.Version!.Value, JournalFormat.Version)
            : files;
    }

    private async Task ReplaceFileAsync(JournalState state)
    {
        await BeginFileAsync(state);
        try
        {
            await TidyAsync();
        }
#pragma warning disable CA1031 // What is left over takes room, and nothing else; the next tidying takes it.
        catch
#pragma warning restore CA1031
        {
            // The new file is there, and that is what was asked.
        }
    }

    private async Task BeginFileAsync(JournalState state)
    {
        var name = new JournalName(_highest + 1, "");
        var unfinished = (name with { Suffix = JournalName.Unfinished }).ToString();
        var content = state.ToFile();
        try
        {
            await disk.DeleteAsync(unfinished);
            await disk.AppendAsync(unfinished, content);
            await disk.FlushAsync(unfinished);
        }
        catch
        {
            await TryDeleteAsync(unfinished);
            throw;
        }

        _former = _fitness == Fitness.Fit ? _name : _former;
        _fitness = Fitness.Spent;
        _highest++;
        await disk.RenameAsync(unfinished, name.ToString());
        await disk.FlushDirectoryAsync();
        _name = name;
        Length = _snapshotEnd = content.Length;
        _due = Bound;
        _fitness = Fitness.Fit;
    }

    /// <summary>
    /// Names damaged files as what they are and deletes what is no longer needed, only after what replaces it is
    /// durable. The file before the one in use stays: it stands in should the newest snapshot be damaged.
    /// </summary>
    private async Task TidyAsync()
    {
        var names = await NamesAsync();
        var damaged = names.Count(name => name.Suffix == JournalName.Damaged) + _damaged.Count - MostDamagedKept;
        foreach (var name in names)
        {
            if (_damaged.Contains(name))
            {
                var kept = (name with { Suffix = JournalName.Damaged }).ToString();
                await disk.RenameAsync(name.ToString(), kept);
                await disk.FlushDirectoryAsync();
                _damaged.Remove(name);
                _setAside.Add(kept);
            }
            else if (name.Suffix == JournalName.Damaged ? damaged-- > 0 : name != _name && name != _former)
            {
                await disk.DeleteAsync(name.ToString());
            }
        }
    }

    private async Task<IReadOnlyList<JournalName>> NamesAsync() =>
        [.. (await disk.ListAsync()).Select(JournalName.Parse).OfType<JournalName>().OrderBy(name => name.Number)];

    private async Task TryDeleteAsync(string name)
    {
        try
        {
            await disk.DeleteAsync(name);
        }
#pragma warning disable CA1031 // The failure that led here is the one that is told; the next tidying deletes it.
        catch
#pragma warning restore CA1031
        {
            // It takes room, and nothing else.
        }
    }

    private static Problem CannotWrite(Exception error) =>
        new()
        {
            Severity = Severity.Warning,
            Message = $"what is there was read, but the disk cannot be written: {error.Message}",
        };
}
