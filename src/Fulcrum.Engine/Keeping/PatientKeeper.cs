using Fulcrum.Engine.Journaling;

namespace Fulcrum.Engine.Keeping;

/// <summary>
/// Makes changes durable for a caller that cannot wait for a disk that hangs. What was given up and became durable all
/// the same is put right together with the next changes; until that write is over, everything else is refused at once.
/// For one caller at a time, whose keys are its own.
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
        if (changes.Count == 0)
        {
            return;
        }

        if (!_writing.IsCompleted)
        {
            throw NoAnswer();
        }

        var before = journal.Entries;
        var corrections = _right.Where(entry => before[entry.Key] != entry.Value).ToList();
        var writing = journal.AppendAsync([
            .. corrections.Select(entry => new JournalChange(entry.Key, entry.Value)),
            .. changes,
        ]);
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
