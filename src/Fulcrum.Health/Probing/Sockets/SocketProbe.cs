using Fulcrum.Linux;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;

namespace Fulcrum.Health.Probing.Sockets;

/// <summary>A probe with one socket, which is connected to its target: the kernel drops what others send to it.</summary>
internal abstract class SocketProbe(ProbeTarget target, EventLoop loop, IProbeOwner owner) : Probe(owner)
{
    private ulong _token;

    protected Reactor Reactor => loop.Reactor;

    protected int Descriptor { get; private set; } = -1;

    /// <summary>Opens and begins to connect. False: it is over.</summary>
    protected bool TryConnect(SocketKind kind)
    {
        Descriptor = target.Open(kind);
        if (Descriptor < 0)
        {
            Finish(target.Judge((Errno)(-Descriptor)));
            return false;
        }

        _token = Reactor.AddSocket(this, 0);
        var result = SocketCalls.Connect(Descriptor, target.Address);
        result = result is >= 0 or -(int)Errno.InProgress ? loop.Register(Descriptor, _token) : result;
        if (result < 0)
        {
            // A Unix socket whose queue is full says so at once.
            Finish(
                result == -(int)Errno.TryAgain
                    ? ProbeResult.Bad("the queue of the socket is full")
                    : SocketErrors.Judge((Errno)(-result))
            );
        }

        return result >= 0;
    }

    // A reset leaves no TIME_WAIT behind: thousands of probes a second must not eat the ports of the host.
    protected override void Release()
    {
        if (Descriptor >= 0)
        {
            Reactor.Forget(this);
            Reactor.RemoveSocket(_token);
            _ = EndsPolitely ? SocketCalls.Close(Descriptor) : SocketCalls.Reset(Descriptor);
            Descriptor = -1;
        }
    }

    /// <summary>The peer would count a reset as a failure.</summary>
    protected virtual bool EndsPolitely => false;
}
