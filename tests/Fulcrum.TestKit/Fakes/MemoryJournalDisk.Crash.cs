using System.Runtime.InteropServices;

namespace Fulcrum.TestKit.Fakes;

public sealed partial class MemoryJournalDisk
{
    /// <summary>How much there is that a loss of power may or may not leave: bytes, and 1 for each other change.</summary>
    public int Unsynced =>
        _pendingNames.Count + _names.Values.Distinct().Sum(file => file.Pending.Sum(write => write.Cost));

    /// <summary>
    /// The disk after a loss of power at which, in the order of the operations, just so much of
    /// <see cref="Unsynced"/> had reached it.
    /// </summary>
    public MemoryJournalDisk Crash(int unsyncedBytesKept)
    {
        var (names, contents) = Survivors();
        var files = contents.Keys.SelectMany(file =>
            file.Pending.Select(write => (write.Moment, write.Cost, file, write))
        );
        var changes = _pendingNames.Select(change => (change.Moment, Cost: 1, change));
        var steps = files
            .Select(step =>
                (step.Moment, step.Cost, Do: (Action<int>)(kept => step.write.Apply(contents[step.file], kept)))
            )
            .Concat(changes.Select(step => (step.Moment, step.Cost, Do: (Action<int>)(_ => step.change.Apply(names)))));
        foreach (var (_, cost, apply) in steps.OrderBy(step => step.Moment))
        {
            if (unsyncedBytesKept == 0)
            {
                break;
            }

            var kept = Math.Min(cost, unsyncedBytesKept);
            apply(kept);
            unsyncedBytesKept -= kept;
        }

        return Surviving(names, contents);
    }

    /// <summary>
    /// The disk after a loss of power: of each file, and of the names, a part of what was not flushed has reached it,
    /// perhaps with a hole where a later page was written before an earlier one.
    /// </summary>
    public MemoryJournalDisk Crash(Random random)
    {
        var (names, contents) = Survivors();
        foreach (var change in _pendingNames.Take(random.Next(_pendingNames.Count + 1)))
        {
            change.Apply(names);
        }

        foreach (var (file, content) in contents)
        {
            var durable = content.Count;
            foreach (var write in file.Pending.Take(random.Next(file.Pending.Count + 1)))
            {
                write.Apply(content, random.Next(3) == 0 ? random.Next(write.Cost + 1) : write.Cost);
            }

            if (random.Next(4) == 0 && content.Count > durable)
            {
                var hole = CollectionsMarshal.AsSpan(content)[random.Next(durable, content.Count)..];
                hole[..random.Next(hole.Length + 1)].Clear();
            }
        }

        return Surviving(names, contents);
    }

    private (
        Dictionary<string, MemoryJournalDiskFile> Names,
        Dictionary<MemoryJournalDiskFile, List<byte>> Contents
    ) Survivors() =>
        (
            new(_durableNames, StringComparer.Ordinal),
            _durableNames
                .Values.Concat(_pendingNames.Select(change => change.File))
                .Distinct()
                .ToDictionary(file => file, file => file.Durable)
        );

    private MemoryJournalDisk Surviving(
        Dictionary<string, MemoryJournalDiskFile> names,
        Dictionary<MemoryJournalDiskFile, List<byte>> contents
    )
    {
        var disk = new MemoryJournalDisk { Lies = Lies };
        foreach (var (name, file) in names)
        {
            disk._names[name] = disk._durableNames[name] = new(contents[file]);
        }

        return disk;
    }
}
