using Fulcrum.Engine.Events;
using Fulcrum.Engine.Reasons;
using Fulcrum.TestKit;

namespace Fulcrum.Engine.Tests.Events;

public sealed class EventLogTests
{
    private readonly EventLog _log = new(new ManualTimeProvider(), capacity: 8);

    [Fact]
    public void Events_are_numbered_and_read_in_order_a_batch_at_a_time()
    {
        Add(5);
        var (first, missed) = _log.After(0, 3);
        Assert.Equal([1L, 2, 3], first.Select(one => one.Sequence));
        Assert.Equal(0, missed);
        Assert.Equal([4L, 5], _log.After(3, 3).Events.Select(one => one.Sequence));
        Assert.Empty(_log.After(5, 3).Events);
    }

    [Fact]
    public void What_was_overwritten_is_counted_as_missed()
    {
        Add(20);
        var (events, missed) = _log.After(2, 100);
        Assert.Equal(Enumerable.Range(13, 8).Select(number => (long)number), events.Select(one => one.Sequence));
        Assert.Equal(10, missed);
    }

    [Fact]
    public async Task Who_waits_is_woken_by_the_next_one_and_by_no_former_one()
    {
        Add(3);
        Assert.True(_log.WaitAsync(2).IsCompleted);
        var waiting = _log.WaitAsync(3);
        Assert.False(waiting.IsCompleted);
        Add(1);
        await Wait.For(waiting, "the fourth event");
        Assert.False(_log.WaitAsync(4).IsCompleted);
    }

    [Fact]
    public async Task Many_writers_and_readers_lose_nothing()
    {
        var log = new EventLog(TimeProvider.System, capacity: 4096);
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => ReadAsync(log, 4000))).ToList();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Repeat(log, 1000))));
        foreach (var read in await Wait.For(Task.WhenAll(readers), "all to be read"))
        {
            Assert.Equal(Enumerable.Range(1, 4000).Select(number => (long)number), read);
        }
    }

    private static async Task<List<long>> ReadAsync(EventLog log, int count)
    {
        var read = new List<long>();
        while (read.Count < count)
        {
            await log.WaitAsync(read.LastOrDefault());
            read.AddRange(log.After(read.LastOrDefault(), 7).Events.Select(one => one.Sequence));
        }

        return read;
    }

    private static void Repeat(EventLog log, int times)
    {
        for (var i = 0; i < times; i++)
        {
            log.Add(One());
        }
    }

    private void Add(int count) => _log.Add([.. Enumerable.Range(0, count).Select(_ => One())]);

    private static NodeEvent One() =>
        new(EventKind.Service, new(SubjectKind.Service, "web"), "healthy", "unhealthy", "why");
}
