using Fulcrum.Engine.Journaling;
using Fulcrum.TestKit;

namespace Fulcrum.Engine.Tests.Journaling;

public sealed class DirectoryJournalDiskTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Place => _directory.PathOf("state");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_journal_lives_in_a_directory()
    {
        for (var round = 0; round < 5; round++)
        {
            using var disk = new DirectoryJournalDisk(Place);
            await using var journal = await OpenAsync(disk);
            Assert.Equal(round * 10, journal.Entries.Count);
            Assert.Empty(journal.Recovery.Problems);
            await Task.WhenAll(
                Enumerable
                    .Range(round * 10, 10)
                    .Select(i =>
                        journal.AppendAsync([new($"key {i}", new('x', 30)), new("gone", "1"), new("gone", null)])
                    )
            );
        }

        Assert.Equal(3, Directory.GetFiles(Place).Length);
    }

    [Fact]
    public async Task What_is_in_it_is_for_the_owner_alone()
    {
        using var disk = new DirectoryJournalDisk(Place);
        await using var journal = await OpenAsync(disk);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Place)
        );
        Assert.NotEmpty(Directory.GetFiles(Place));
        Assert.All(
            Directory.GetFiles(Place),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file))
        );
    }

    [Fact]
    public async Task Nobody_else_can_open_it_meanwhile()
    {
        using (var disk = new DirectoryJournalDisk(Place))
        {
            await using var journal = await OpenAsync(disk);
            await journal.AppendAsync([new("a", "1")]);
            using var other = new DirectoryJournalDisk(Place);
            var error = await Assert.ThrowsAsync<JournalException>(() => OpenAsync(other));
            Assert.Equal(JournalFailure.Disk, error.Failure);
            Assert.Contains("used by another process", error.Message);
            await journal.AppendAsync([new("b", "2")]);
        }

        using var later = new DirectoryJournalDisk(Place);
        await using var again = await OpenAsync(later);
        Assert.Equal(2, again.Entries.Count);
    }

    [Fact]
    public async Task Each_operation_does_what_the_journal_expects()
    {
        using var disk = new DirectoryJournalDisk(Place);
        await disk.AppendAsync("a", "0123"u8.ToArray());
        await disk.AppendAsync("b", "x"u8.ToArray());
        await disk.AppendAsync("a", "4567"u8.ToArray());
        await disk.TruncateAsync("a", 6);
        await disk.AppendAsync("a", "89"u8.ToArray());
        await disk.FlushAsync("a");
        Assert.Equal("01234589"u8.ToArray(), await disk.ReadAsync("a"));
        await disk.RenameAsync("a", "b");
        await disk.FlushDirectoryAsync();
        Assert.Equal("01234589"u8.ToArray(), await disk.ReadAsync("b"));
        await disk.AppendAsync("a", "new"u8.ToArray());
        await disk.DeleteAsync("b");
        await disk.DeleteAsync("b");
        await Assert.ThrowsAsync<FileNotFoundException>(() => disk.ReadAsync("b"));
        Assert.Equal(["a", "lock"], (await disk.ListAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_torn_end_is_cut()
    {
        for (var round = 0; round < 2; round++)
        {
            using var disk = new DirectoryJournalDisk(Place);
            await using var journal = await OpenAsync(disk);
            Assert.Equal(round == 0 ? null : 2, journal.Recovery.Cut?.Bytes);
            await journal.AppendAsync([new("a", "1")]);
            await File.AppendAllTextAsync(Path.Join(Place, "journal-1"), "??");
        }
    }

    private static Task<Journal> OpenAsync(DirectoryJournalDisk disk) =>
        Journal.OpenAsync(disk, new() { CompactAfterBytes = 700 }, CancellationToken.None);
}
