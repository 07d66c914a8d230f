using System.Collections.Concurrent;
using Fulcrum.Linux.Netlink;

namespace Fulcrum.Linux.Namespaces;

/// <summary>
/// A network namespace (network_namespaces(7)) that nobody else has: a network of its own, with nothing in it but a
/// loopback. A thread lives there and opens sockets for whoever asks; a socket stays where it was opened. When it is
/// disposed and the last of its sockets is closed, all that was made there goes with it.
/// </summary>
public sealed class OwnNamespace : IDisposable
{
    private const int NewNetwork = 0x4000_0000;

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private bool _isOver;

    /// <exception cref="LinuxException">It cannot be made: that needs CAP_SYS_ADMIN.</exception>
    public OwnNamespace()
    {
        var entered = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _thread = new(() => Live(entered)) { IsBackground = true, Name = "own namespace" };
        _thread.Start();
        var result = entered.Task.GetAwaiter().GetResult();
        if (result < 0)
        {
            Dispose();
            throw new LinuxException((Errno)(-result), "make a network namespace");
        }
    }

    /// <summary>Opens a netlink socket there; a <see cref="NetlinkOpening"/>.</summary>
    /// <exception cref="LinuxException"/>
    public INetlinkSocket Open(NetlinkProtocol protocol, params ReadOnlySpan<uint> groups)
    {
        var joined = groups.ToArray();
        var opened = new TaskCompletionSource<INetlinkSocket>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                opened.SetResult(NetlinkSocket.Open(protocol, joined));
            }
            catch (LinuxException error)
            {
                opened.SetException(error);
            }
        });
        return opened.Task.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isOver, true))
        {
            return;
        }

        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Live(TaskCompletionSource<int> entered)
    {
        // Of this thread alone.
        entered.SetResult(Native.Result(Native.Unshare(NewNetwork)));
        foreach (var item in _work.GetConsumingEnumerable())
        {
            item();
        }
    }
}
