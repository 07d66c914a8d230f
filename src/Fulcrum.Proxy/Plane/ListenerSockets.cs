using Fulcrum.Linux.Sockets;

namespace Fulcrum.Proxy.Plane;

/// <summary>
/// The sockets of one address, bound once for each loop. Each loop takes over its own, and says when it has closed it:
/// until then the address is ours, although nothing may lead there any more.
/// </summary>
internal sealed class ListenerSockets(int[] descriptors)
{
    private int _open = descriptors.Length;

    public int this[int loop] => descriptors[loop];

    public bool IsOpen => Volatile.Read(ref _open) > 0;

    /// <summary>A loop has closed the one that it took over.</summary>
    public void CountClosed() => Interlocked.Decrement(ref _open);

    /// <summary>Closes one that its loop does not take over.</summary>
    public void Close(int loop)
    {
        _ = SocketCalls.Close(descriptors[loop]);
        CountClosed();
    }

    /// <summary>Closes them all, when nobody takes them over.</summary>
    public void Abandon()
    {
        for (var loop = 0; loop < descriptors.Length; loop++)
        {
            Close(loop);
        }
    }
}
