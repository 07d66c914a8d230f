using Fulcrum.Engine.Journaling;

namespace Fulcrum.Engine.Keeping;

/// <summary>
/// Makes changes durable for a caller that cannot wait for a disk that hangs. What was given up and became durable all
/// the same is put right with the next call, with changes or without; until that write is over, changes are refused at
/// once. What is durable already is not written again, so that a full disk refuses only what is new. For one caller at
/// a time, whose keys are its own.
/// </summary>
internal sealed class PatientKeeper(Journal journal, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, string?> _right = new(StringComparer.Ordinal);
    private Task _writing = Task.CompletedTask;

    /// <summary>Complete when all of them outlive whatever happens to the process.</summary>
    /// <exception cref="JournalException">They do not, and must not be acted on.</exception>
    public async Task KeepAsync(IReadOnlyList<JournalChange> changes)
    {
        if (changes.Count + _right.Count == 0)
        {
            return;
        }

        if (!_writing.IsCompleted)
        {
            if (changes.Count == 0)
            {
                return;
            }

            throw NoAnswer();
        }

        var before = journal.Entries;
        var wanted = new Dictionary<string, string?>(_right, StringComparer.Ordinal);
        foreach (var change in changes)
        {
            wanted[change.Key] = change.Value;
        }

        var missing = wanted.Where(entry => before[entry.Key] != entry.Value).ToList();
        if (missing.Count == 0)
        {
            _right.Clear();
            return;
        }

        var writing = journal.AppendAsync([.. missing.Select(entry => new JournalChange(entry.Key, entry.Value))]);
        try
        {
            await writing.WaitAsync(Patience, time);
            _right.Clear();
        }
        catch (TimeoutException)
        {
            _writing = writing;
            foreach (var change in changes)
            {
                _right.TryAdd(change.Key, before[change.Key]);
            }

            throw NoAnswer();
        }
    }

    private static JournalException NoAnswer() =>
        JournalException.NotWritten(new TimeoutException($"no answer within {Patience.TotalSeconds:0} s"));
}
