using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Protocols.Tls;
using Fulcrum.Proxy.AccessLogs;
using Fulcrum.Proxy.Listing;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Stages;

namespace Fulcrum.Proxy.Streams;

/// <summary>
/// All relayed connections of one loop. Sessions are taken from a pool and go back to it, so that a loop at its
/// working size allocates nothing.
/// </summary>
internal sealed class StreamRelay<TIo>
    where TIo : struct, ISocketIo
{
    /// <summary>Sessions beyond this many are left to the garbage collector when they end.</summary>
    private const int MaxPooled = 16_384;

    private readonly Stack<StreamSession<TIo>> _pool = new();
    private readonly Action _ended;

    /// <param name="reactor">The loop's.</param>
    /// <param name="io">The loop's system calls.</param>
    /// <param name="ended">Called after each session.</param>
    public StreamRelay(Reactor reactor, TIo io, Action ended)
    {
        Reactor = reactor;
        Io = io;
        Pipes = new PipePool<TIo>(io, reactor.Options.MaxPipes);
        _ended = ended;
    }

    public Reactor Reactor { get; }

    public TIo Io { get; }

    /// <summary>For streams in a rush.</summary>
    public PipePool<TIo> Pipes { get; }

    /// <summary>For hellos that came in several records.</summary>
    public byte[] HelloScratch => field ??= new byte[ClientHelloReader.ScratchLength];

    /// <summary>Takes sessions that have ended, where somebody wants to know.</summary>
    public AccessRing? Ring { get; init; }

    /// <summary>Where stages write.</summary>
    public StageLog StageLog { get; init; } = new();

    /// <summary>All sessions of the loop.</summary>
    public SessionRoll Roll { get; init; } = new();

    /// <summary>Sessions that exist.</summary>
    public int Active { get; private set; }

    /// <summary>
    /// Takes over an accepted connection: finds it a backend, or resets it when it may not come in or nobody is
    /// there for it.
    /// </summary>
    /// <param name="descriptor">The client's socket; this method's from now on.</param>
    /// <param name="client">Who connected.</param>
    /// <param name="port">The port that was connected to.</param>
    /// <param name="entrance">The listener, and where it leads.</param>
    public void Accept(int descriptor, in SocketAddress client, ushort port, Entrance entrance)
    {
        var plan = entrance.Plan;
        if (plan.Preface is { } preface && preface.Refuses(client))
        {
            entrance.Cell.RefusedByPreface++;
            _ = Io.Reset(descriptor);
            return;
        }
        if (plan.Preface?.AwaitsHeader(client) != true && !plan.Access.Admits(client))
        {
            entrance.Cell.RefusedByRule++;
            _ = Io.Reset(descriptor);
            return;
        }
        if (!plan.Service.TryEnter(plan.MaxConnections))
        {
            entrance.Cell.RefusedByLimit++;
            _ = Io.Reset(descriptor);
            return;
        }
        entrance.Cell.Active++;
        entrance.Cell.Total++;
        Active++;
        var session = _pool.TryPop(out var pooled) ? pooled : new StreamSession<TIo>(this);
        Roll.Begin(session);
        try
        {
            session.Begin(descriptor, client, port, entrance);
        }
        catch (Exception fault)
        {
            // The acceptor that called has nothing to do with it.
            Reactor.CountFault(fault);
            session.Abort();
        }
    }

    internal void Recycle(StreamSession<TIo> session)
    {
        Active--;
        var isKept = _pool.Count < MaxPooled;
        Roll.End(session, isKept);
        if (isKept)
        {
            _pool.Push(session);
        }
        _ended();
    }
}
