using Fulcrum.Linux.Events;

namespace Fulcrum.Linux.Tests;

/// <summary>Waits as an event loop does, with a bound that only a test that fails reaches.</summary>
internal static class Await
{
    private const int MostMilliseconds = 30_000;

    public static void Readable(int descriptor)
    {
        using var epoll = new Epoll();
        using var events = new EventBuffer(1);
        Assert.Equal(0, epoll.Register(descriptor, EpollEvents.Readable, 0));
        int count;
        do
        {
            count = epoll.Wait(events, MostMilliseconds);
        } while (count == -(int)Errno.Interrupted);
        Assert.Equal(1, count);
    }
}
