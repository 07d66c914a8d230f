using System.Globalization;
using Fulcrum.Model.Problems;

namespace Fulcrum.Engine.Journaling.Files;

/// <summary>
/// What all files say together: the newest snapshot that is whole, and the commits after it without a gap. When the
/// newest file's snapshot is damaged, that of the file before it and its commits lead to the same state. So the outcome
/// is a state that once was; only when no snapshot at all is whole it is a part of one, made of commits alone.
/// </summary>
internal sealed class JournalReplay
{
    private readonly Dictionary<string, string> _entries = new(StringComparer.Ordinal);
    private readonly List<Problem> _problems = [];
    private long? _sequence;
    private int _commits;

    private JournalReplay(IReadOnlyList<JournalFile> files)
    {
        var start = Math.Max(files.ToList().FindLastIndex(file => file.Snapshot is not null), 0);
        foreach (var (index, file) in files.Index())
        {
            if (index >= start)
            {
                Take(file, isNewest: index == files.Count - 1);
            }
            else if (file.IsDamaged)
            {
                Report(file, Severity.Warning, "this former file is damaged; it was not needed");
            }
        }

        State = JournalState.Of(_entries, _sequence ?? 0);
        var used = files.Count == 0 ? null : files[start];
        Recovery = new()
        {
            Base = used?.Snapshot is null ? null : used.Name.ToString(),
            Commits = _commits,
            Entries = _entries.Count,
            Problems = [.. _problems],
        };
    }

    public JournalState State { get; }

    public JournalRecovery Recovery { get; }

    /// <param name="files">From the oldest to the newest.</param>
    public static JournalReplay Of(IReadOnlyList<JournalFile> files) => new(files);

    private void Take(JournalFile file, bool isNewest)
    {
        if (file.Snapshot is { } snapshot)
        {
            Apply(snapshot);
            if (file.Version is null)
            {
                Report(file, Severity.Warning, "the first bytes are damaged; nothing is lost by that");
            }
        }
        else
        {
            Report(
                file,
                _sequence is null ? Severity.Error : Severity.Warning,
                _sequence is null
                    ? "the snapshot is damaged and no former one is there; what is only in it is lost"
                    : "the snapshot is damaged; the former file stood in for it"
            );
        }

        foreach (var commit in file.Commits)
        {
            // Less than expected: the former file's end, which this one began with, held it already.
            if (_sequence is { } last && commit.Sequence != last + 1)
            {
                if (commit.Sequence > last)
                {
                    Report(file, Severity.Error, Missing(last + 1, commit.Sequence - 1));
                    return;
                }

                continue;
            }

            Apply(commit);
            _commits++;
        }

        // A kill tears the newest file alone: those before it were complete when it was begun.
        if (file.Ending == JournalEnding.Corrupt || (file.Ending == JournalEnding.Torn && !isNewest))
        {
            Report(
                file,
                Severity.Error,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"damaged at byte {file.GoodLength}: what stands before it is loaded, what stood after it is lost"
                )
            );
        }
    }

    private void Apply(JournalRecord record)
    {
        foreach (var (key, value) in record.Changes)
        {
            if (value is null)
            {
                _entries.Remove(key);
            }
            else
            {
                _entries[key] = value;
            }
        }

        _sequence = record.Sequence;
    }

    private void Report(JournalFile file, Severity severity, string message) =>
        _problems.Add(
            new()
            {
                Path = file.Name.ToString(),
                Severity = severity,
                Message = message,
            }
        );

    private static string Missing(long first, long last) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"the commits {first} to {last} are in no file; what came after is lost"
        );
}
