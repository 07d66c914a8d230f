using System.Collections.Concurrent;
using Fulcrum.Engine.Journaling;
using Fulcrum.TestKit.Fakes;

namespace Fulcrum.Engine.Tests.Journaling;

/// <summary>A simulator decides what happens when: the journal brings no threads of its own into it.</summary>
public sealed class JournalThreadTests
{
    [Fact]
    public async Task On_a_disk_that_does_not_wait_everything_is_done_at_once()
    {
        using var alone = new WithoutContext();
        var disk = new MemoryJournalDisk();
        var opening = Journal.OpenAsync(disk, Written.Small, CancellationToken.None);
        Assert.True(opening.IsCompletedSuccessfully);
        var journal = await opening;
        for (var number = 1; number < 100; number++)
        {
            Assert.True(journal.AppendAsync(Written.Batch(number)).IsCompletedSuccessfully);
        }

        disk.FailNextFlush();
        Assert.True(journal.AppendAsync(Written.Batch(100)).IsFaulted);
        Assert.True(journal.DisposeAsync().AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public void On_a_disk_that_waits_everything_is_done_where_the_caller_is()
    {
        using var alone = new WithoutContext();
        var context = new OneThread();
        SynchronizationContext.SetSynchronizationContext(context);
        var thread = Environment.CurrentManagedThreadId;
        var disk = new MemoryJournalDisk
        {
            Before = async (_, _) =>
            {
                await Task.Yield();
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
            },
        };
        string? last = null;
        var work = WorkAsync();
        context.RunUntil(work);
        Assert.True(work.IsCompletedSuccessfully);
        Assert.Equal("299", last);

        async Task WorkAsync()
        {
            await using var journal = await Journal.OpenAsync(
                disk,
                new() { CompactAfterBytes = 500, QueueLength = 2 },
                CancellationToken.None
            );
            for (var round = 0; round < 30; round++)
            {
                await Task.WhenAll(
                    Enumerable.Range(0, 10).Select(i => journal.AppendAsync([new("key", $"{round * 10 + i}")]))
                );
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
            }

            last = journal.Entries["key"];
        }
    }

    private sealed class OneThread : SynchronizationContext
    {
        private readonly ConcurrentQueue<(SendOrPostCallback Callback, object? State)> _posted = [];

        public override void Post(SendOrPostCallback d, object? state) => _posted.Enqueue((d, state));

        public void RunUntil(Task done)
        {
            while (!done.IsCompleted)
            {
                Assert.True(_posted.TryDequeue(out var next), "nothing is left to do, and the work is not done");
                next.Callback(next.State);
            }
        }
    }

    private sealed class WithoutContext : IDisposable
    {
        private readonly SynchronizationContext? _before = SynchronizationContext.Current;

        public WithoutContext() => SynchronizationContext.SetSynchronizationContext(null);

        public void Dispose() => SynchronizationContext.SetSynchronizationContext(_before);
    }
}
