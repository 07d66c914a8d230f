using Fulcrum.Engine.Journaling;

namespace Fulcrum.TestKit.Fakes;

/// <summary>
/// A directory in memory that knows what is durable and what is not, fails as it is told, and shows what a loss of
/// power may leave of it (<see cref="Crash(Random)"/>). A process that is killed leaves everything: open the same disk
/// again. Everything completes synchronously unless <see cref="Before"/> waits. For one thread.
/// </summary>
public sealed partial class MemoryJournalDisk : IJournalDisk
{
    private readonly Dictionary<string, MemoryJournalDiskFile> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MemoryJournalDiskFile> _durableNames = new(StringComparer.Ordinal);
    private readonly List<NameChange> _pendingNames = [];
    private long _moment;

    /// <summary>How many operations were asked for.</summary>
    public int Operations { get; private set; }

    /// <summary>How many of them failed.</summary>
    public int Faults { get; private set; }

    /// <summary>How many times a file was flushed.</summary>
    public int Flushes { get; private set; }

    /// <summary>The names of the files, in order.</summary>
    public IReadOnlyList<string> Names => [.. _names.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What all files take together.</summary>
    public long Size => _names.Values.Sum(file => (long)file.Length);

    /// <summary>A copy of what a process sees in the file.</summary>
    public byte[] this[string name]
    {
        get => Existing(name).Content;
        set => _durableNames[name] = _names[name] = new(value);
    }

    /// <summary>Takes the file away, durably.</summary>
    public bool Remove(string name) => _names.Remove(name) & _durableNames.Remove(name);

    public Task<IReadOnlyList<string>> ListAsync() => DoAsync("list", "", () => Names);

    public Task<byte[]> ReadAsync(string name) => DoAsync("read", name, () => this[name]);

    public Task AppendAsync(string name, ReadOnlyMemory<byte> content) =>
        DoAsync(
            "append",
            name,
            () =>
            {
                if (!_names.TryGetValue(name, out var file))
                {
                    file = new([]);
                    Change(null, name, file);
                }

                var fitting = Fitting(content.Length);
                file.Append(_moment++, content.Span[..fitting]);
                return fitting == content.Length ? fitting : throw NoSpace();
            }
        );

    public Task TruncateAsync(string name, long length) =>
        DoAsync(
            "truncate",
            name,
            () =>
            {
                Existing(name).Truncate(_moment++, (int)length);
                return length;
            }
        );

    public Task FlushAsync(string name) =>
        DoAsync(
            "flush",
            name,
            () =>
            {
                var file = Existing(name);
                if (_failFlush)
                {
                    _failFlush = false;
                    file.Lose();
                    throw new IOException("Input/output error");
                }

                if (!Lies)
                {
                    file.Flush();
                }

                return ++Flushes;
            }
        );

    public Task RenameAsync(string from, string to) =>
        DoAsync(
            "rename",
            from,
            () =>
            {
                Change(from, to, Existing(from));
                return to;
            }
        );

    public Task DeleteAsync(string name) =>
        DoAsync(
            "delete",
            name,
            () =>
            {
                if (_names.TryGetValue(name, out var file))
                {
                    Change(name, null, file);
                }

                return name;
            }
        );

    public Task FlushDirectoryAsync() =>
        DoAsync(
            "flush",
            "",
            () =>
            {
                if (!Lies)
                {
                    _pendingNames.ForEach(change => change.Apply(_durableNames));
                    _pendingNames.Clear();
                }

                return _durableNames.Count;
            }
        );

    private async Task<T> DoAsync<T>(string operation, string name, Func<T> work)
    {
        try
        {
            if (Operations++ >= StopAfter)
            {
                throw new IOException("The process was killed");
            }

            if (Before is { } before)
            {
                await before(operation, name);
            }

            var result = work();
            if (After is { } after)
            {
                await after(operation, name);
            }

            return result;
        }
        catch
        {
            Faults++;
            throw;
        }
    }

    private MemoryJournalDiskFile Existing(string name) =>
        _names.TryGetValue(name, out var file) ? file : throw new FileNotFoundException("There is no such file", name);

    private void Change(string? from, string? to, MemoryJournalDiskFile file)
    {
        var change = new NameChange(_moment++, from, to, file);
        change.Apply(_names);
        _pendingNames.Add(change);
    }

    /// <summary>A file that got a name, another name, or lost its name.</summary>
    private sealed record NameChange(long Moment, string? From, string? To, MemoryJournalDiskFile File)
    {
        public void Apply(Dictionary<string, MemoryJournalDiskFile> names)
        {
            if (From is not null)
            {
                names.Remove(From);
            }

            if (To is not null)
            {
                names[To] = File;
            }
        }
    }
}
