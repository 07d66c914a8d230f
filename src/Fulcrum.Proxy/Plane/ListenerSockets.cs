using Fulcrum.Linux.Sockets;

namespace Fulcrum.Proxy.Plane;

/// <summary>
/// The sockets of one address: mostly one for each loop, where some were inherited perhaps several or, of datagrams,
/// none. Each loop takes over its own, and says when it has closed one: until then the address is ours, although
/// nothing may lead there any more.
/// </summary>
internal sealed class ListenerSockets(int[][] descriptors, SocketFile? file = null)
{
    private int _open = descriptors.Sum(some => some.Length);

    /// <summary>By which they are reached, if it is ours to change; null: there is none, or somebody else made it.</summary>
    public SocketFile? File => file;

    /// <summary>A process before this one has told them what it wanted, and nobody knows what.</summary>
    public bool AreInherited { get; init; }

    /// <summary>Those of one loop.</summary>
    public int[] this[int loop] => descriptors[loop];

    public bool IsOpen => Volatile.Read(ref _open) > 0;

    /// <summary>A loop has closed one that it took over.</summary>
    public void CountClosed() => Interlocked.Decrement(ref _open);

    /// <summary>Closes those that their loop does not take over.</summary>
    public void Close(int loop)
    {
        foreach (var descriptor in descriptors[loop])
        {
            _ = SocketCalls.Close(descriptor);
            CountClosed();
        }
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
