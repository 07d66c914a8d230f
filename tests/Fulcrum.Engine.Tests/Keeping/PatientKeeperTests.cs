using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Keeping;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Fakes;

namespace Fulcrum.Engine.Tests.Keeping;

public sealed class PatientKeeperTests : IAsyncLifetime
{
    private readonly MemoryJournalDisk _disk = new();
    private readonly ManualTimeProvider _time = new();
    private Journal _journal = null!;
    private PatientKeeper _keeper = null!;

    public async ValueTask InitializeAsync()
    {
        _journal = await Journal.OpenAsync(_disk, new(), CancellationToken.None);
        _keeper = new(_journal, _time);
    }

    public async ValueTask DisposeAsync() => await _journal.DisposeAsync();

    [Fact]
    public async Task What_is_kept_in_time_is_there()
    {
        await KeepAsync(("a", "1"), ("b", "2"));
        Assert.Equal("1", _journal.Entries["a"]);
        await _keeper.KeepAsync([]);
    }

    [Fact]
    public async Task What_comes_too_late_is_undone_by_the_next()
    {
        await KeepAsync(("a", "1"), ("c", "7"));
        var hang = new TaskCompletionSource();
        _disk.Before = (_, _) => hang.Task;
        var late = KeepAsync(("a", "2"), ("b", "2"), ("c", "8"));
        _time.Advance(TimeSpan.FromSeconds(6));
        var refusal = await Assert.ThrowsAsync<JournalException>(() => late);
        Assert.Contains("no answer within 5 s", refusal.Message, StringComparison.Ordinal);

        // Nothing can be written while it is not known what was.
        await Assert.ThrowsAsync<JournalException>(() => KeepAsync(("d", "4")));

        _disk.Before = null;
        hang.SetResult();
        await _journal.AppendAsync([new("other", "x")]);
        Assert.Equal("2", _journal.Entries["a"]);
        await KeepAsync(("c", "9"));
        Assert.Equal(("1", null, "9", "x"), (Kept("a"), Kept("b"), Kept("c"), Kept("other")));
    }

    [Fact]
    public async Task What_comes_too_late_is_undone_also_when_nothing_else_changes()
    {
        var hang = new TaskCompletionSource();
        _disk.Before = (_, _) => hang.Task;
        var late = KeepAsync(("a", "2"));
        _time.Advance(TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<JournalException>(() => late);
        await _keeper.KeepAsync([]);
        _disk.Before = null;
        hang.SetResult();
        await _journal.AppendAsync([new("other", "x")]);
        Assert.Equal("2", Kept("a"));
        await _keeper.KeepAsync([]);
        Assert.Null(Kept("a"));
    }

    [Fact]
    public async Task What_is_kept_already_needs_no_disk()
    {
        await KeepAsync(("a", "1"));
        _disk.Before = (_, _) => throw new IOException("No space left on device");
        await KeepAsync(("a", "1"), ("b", null));
        await Assert.ThrowsAsync<JournalException>(() => KeepAsync(("a", "1"), ("b", "2")));
    }

    [Fact]
    public async Task What_failed_after_all_needs_no_correction()
    {
        var hang = new TaskCompletionSource();
        _disk.Before = (_, _) => hang.Task;
        var late = KeepAsync(("a", "2"));
        _time.Advance(TimeSpan.FromSeconds(6));
        await Assert.ThrowsAsync<JournalException>(() => late);
        hang.SetException(new IOException("gone"));
        _disk.Before = null;
        await _journal.AppendAsync([new("other", "x")]);
        await KeepAsync(("b", "3"));
        Assert.Equal((null, "3"), (Kept("a"), Kept("b")));
    }

    private string? Kept(string key) => _journal.Entries[key];

    private Task KeepAsync(params (string Key, string? Value)[] changes) =>
        _keeper.KeepAsync([.. changes.Select(change => new JournalChange(change.Key, change.Value))]);
}
