using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Proxy.Streams;

namespace Fulcrum.Proxy.Tests.Simulation;

/// <summary>
/// Descriptors and one epoll. A socket whose state changes is queued; a wait takes sockets from the queue, asks each
/// what is the case at that moment, and reports it once: edge triggering as ep_send_events() does it. What was
/// reported is not reported again before something happens.
/// </summary>
internal sealed class SimulatedKernel
{
    private const int PipeCapacity = 40;

    private readonly List<SimulatedSocket> _sockets = [];
    private readonly Stack<int> _free = new();
    private readonly Queue<SimulatedSocket> _queue = new();
    private readonly List<Ring> _pipes = [];

    /// <summary>The first thing the relay did that no program may do.</summary>
    public string? Misuse { get; private set; }

    public bool HasEvents => _queue.Count > 0;

    public int Open { get; private set; }

    public int OpenPipes { get; private set; }

    public IReadOnlyList<SimulatedSocket> Sockets => _sockets;

    public bool IsAnybodyWaitingForMore =>
        _sockets.Exists(socket => socket is { IsOpen: true, IsDead: false, IsWaitingForMore: true });

    public SimulatedSocket Create(int capacity)
    {
        if (!_free.TryPop(out var descriptor))
        {
            descriptor = _sockets.Count;
            _sockets.Add(new SimulatedSocket(this, descriptor));
        }
        var socket = _sockets[descriptor];
        socket.Reuse(capacity);
        Open++;
        return socket;
    }

    /// <summary>The socket of an open descriptor; null is EBADF.</summary>
    public SimulatedSocket? Find(int descriptor)
    {
        if (descriptor >= 0 && descriptor < _sockets.Count && _sockets[descriptor].IsOpen)
        {
            return _sockets[descriptor];
        }
        Misuse ??= $"a call with descriptor {descriptor}, which is not open";
        return null;
    }

    /// <summary>pipe(): the ends have numbers of their own, beyond those of sockets.</summary>
    public SplicePipe CreatePipe()
    {
        var ring = new Ring();
        ring.Clear(PipeCapacity);
        _pipes.Add(ring);
        OpenPipes++;
        return new SplicePipe(-2 * _pipes.Count, (-2 * _pipes.Count) - 1, PipeCapacity);
    }

    public void ClosePipe(SplicePipe pipe)
    {
        Misuse ??= PipeOf(pipe.Reader).Count == pipe.Filled ? null : "a pipe is not as full as it is taken for";
        OpenPipes--;
    }

    /// <summary>splice() without waiting: from a socket into a pipe, or from a pipe into a socket.</summary>
    public int Splice(int from, int to, int count)
    {
        Span<byte> bytes = stackalloc byte[PipeCapacity];
        if (to < 0)
        {
            var pipe = PipeOf(to);
            var received = Find(from)?.Receive(bytes[..Math.Min(count, pipe.Free)], false) ?? -(int)Errno.BadDescriptor;
            for (var index = 0; index < received; index++)
            {
                pipe.Add(bytes[index]);
            }
            return received;
        }
        var source = PipeOf(from);
        var length = Math.Min(count, source.Count);
        for (var index = 0; index < length; index++)
        {
            bytes[index] = source.Look(index);
        }
        var sent = Find(to)?.Send(bytes[..length]) ?? -(int)Errno.BadDescriptor;
        for (var index = 0; index < sent; index++)
        {
            _ = source.Take();
        }
        return sent;
    }

    public void Close(SimulatedSocket socket, bool reset)
    {
        socket.Close(reset);
        Open--;
    }

    public void Queue(SimulatedSocket socket)
    {
        if (socket is { IsRegistered: true, IsQueued: false })
        {
            socket.IsQueued = true;
            _queue.Enqueue(socket);
        }
    }

    /// <summary>epoll_wait() without waiting.</summary>
    public int Wait(Span<(ulong Token, EpollEvents Events)> events)
    {
        var count = 0;
        while (count < events.Length && _queue.TryDequeue(out var socket))
        {
            socket.IsQueued = false;
            var present = socket.IsRegistered ? socket.Poll() : EpollEvents.None;
            if (present != EpollEvents.None)
            {
                events[count++] = (socket.Token, present);
            }
        }
        return count;
    }

    private Ring PipeOf(int end) => _pipes[(-end / 2) - 1];

    /// <summary>Gives closed sockets' descriptors out again; their peers are done with them.</summary>
    public void Sweep()
    {
        _queue.Clear();
        _free.Clear();
        for (var descriptor = _sockets.Count - 1; descriptor >= 0; descriptor--)
        {
            _sockets[descriptor].IsQueued = false;
            if (!_sockets[descriptor].IsOpen)
            {
                _free.Push(descriptor);
            }
        }
    }
}
