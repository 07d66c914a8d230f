using Fulcrum.Loops;
using Fulcrum.Proxy.Carrying;

namespace Fulcrum.Proxy.Tests.Carrying;

public sealed class DatagramQueueTests
{
    private const int Size = 256;

    /// <summary>Whatever is sent in whatever steps, what has gone is what was taken, in order, and nothing of the rest.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_taken_comes_out_as_it_was(bool isFramed)
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var pool = new BufferPool(Size, 1);
            var queue = new DatagramQueue(pool);
            queue.Begin(isFramed);
            var (wanted, gone) = (new List<byte>(), new List<byte>());
            var (taken, told) = (0L, 0L);
            for (var step = 0; step < 200; step++)
            {
                if (random.Next(2) == 0)
                {
                    var datagram = new byte[random.Next(isFramed ? 0 : 1, 100)];
                    random.NextBytes(datagram);
                    if (queue.TryAdd(datagram))
                    {
                        wanted.AddRange(isFramed ? [0, (byte)datagram.Length, .. datagram] : datagram);
                        taken += datagram.Length;
                    }
                }
                else if (queue.Count > 0)
                {
                    var pending = queue.Pending;
                    var sent = random.Next(pending.Length + 1);
                    gone.AddRange(pending[..sent]);
                    told += queue.Advance(sent);
                }
                Assert.Equal(queue.Count > 0 ? 1 : 0, pool.InUse);
            }
            while (queue.Count > 0)
            {
                gone.AddRange(queue.Pending);
                told += queue.Advance(queue.Pending.Length);
            }
            Assert.Equal(wanted, gone);
            Assert.Equal(taken, told);
            Assert.Equal(0, pool.InUse);
        }
    }

    [Fact]
    public void The_rest_of_one_that_has_gone_in_part_comes_first()
    {
        var queue = new DatagramQueue(new BufferPool(Size, 1));
        queue.Begin(isFramed: true);
        Assert.True(queue.TryAdd([1, 2, 3], sent: 3));
        Assert.True(queue.TryAdd([4]));
        Assert.Equal([2, 3, 0, 1, 4], queue.Pending.ToArray());
        Assert.Equal(0, queue.Advance(1));
        Assert.Equal(3, queue.Advance(1));
        // Another connection knows nothing of what has gone.
        queue.Begin(isFramed: false);
        Assert.Equal([4], queue.Pending.ToArray());
        Assert.Equal(1, queue.Advance(1));
        queue.Begin(isFramed: false);
        Assert.True(queue.TryAdd([1, 2, 3], sent: 2));
        Assert.Equal([3], queue.Pending.ToArray());
        Assert.Equal(1, queue.Clear());
    }

    [Fact]
    public void What_finds_no_room_is_not_taken_and_leaves_the_others_as_they_are()
    {
        var pool = new BufferPool(Size, 1);
        var (queue, other) = (new DatagramQueue(pool), new DatagramQueue(pool));
        queue.Begin(isFramed: true);
        other.Begin(isFramed: true);
        Assert.False(queue.TryAdd(new byte[Size - 1]));
        Assert.Equal(0, pool.InUse);
        Assert.True(queue.TryAdd(new byte[Size - 10]));
        Assert.False(queue.TryAdd(new byte[7]));
        Assert.True(queue.TryAdd(new byte[6]));
        Assert.False(other.TryAdd([1]));
        Assert.Equal(2, queue.Count);
        Assert.Equal(2, queue.Clear());
        Assert.True(other.TryAdd([1]));
        Assert.Equal(1, other.Clear());
    }
}
