using Fulcrum.Engine.Journaling;
using Fulcrum.Model.Values;
using Fulcrum.TestKit.Fakes;

namespace Fulcrum.Engine.Tests.Journaling;

/// <summary>What one finds who opens a journal again.</summary>
internal sealed record Reopened(Map<string, string> Entries, JournalRecovery Recovery)
{
    /// <summary>Opens it, and checks that it works from then on: what is added is found by the next.</summary>
    public static async Task<Reopened> CheckAsync(MemoryJournalDisk disk, JournalOptions? options = null)
    {
        options ??= new();
        Reopened found;
        await using (var journal = await Journal.OpenAsync(disk, options, CancellationToken.None))
        {
            found = new(journal.Entries, journal.Recovery);
            Assert.Equal(found.Entries.Count, found.Recovery.Entries);
        }

        // What is shown must not be lost with the power later, even if a killed process had not flushed it.
        disk = disk.Crash(0);
        Map<string, string> extended;
        await using (var journal = await Journal.OpenAsync(disk, options, CancellationToken.None))
        {
            Assert.Equal(found.Entries, journal.Entries);
            Assert.Null(journal.Recovery.Cut);
            Assert.Empty(journal.Recovery.Problems);
            await journal.AppendAsync([new("one", "more")]);
            extended = journal.Entries;
            Assert.Equal(found.Entries.With("one", "more"), extended);
        }

        await using (var journal = await Journal.OpenAsync(disk.Crash(0), options, CancellationToken.None))
        {
            Assert.Equal(extended, journal.Entries);
        }

        return found;
    }
}
