using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Protocols.Tls;
using Fulcrum.Proxy.AccessLogs;
using Fulcrum.Proxy.Clients;
using Fulcrum.Proxy.Listing;
using Fulcrum.Proxy.Programs;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Stages;
using Fulcrum.Proxy.Waiting;
using Fulcrum.Tls.Engine;

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
    private readonly HashSet<WaitingLine> _lines = [];
    private readonly int _loop;
    private readonly Action _ended;

    /// <param name="reactor">The loop's.</param>
    /// <param name="loop">The loop's number.</param>
    /// <param name="io">The loop's system calls.</param>
    /// <param name="ended">Called after each session.</param>
    public StreamRelay(Reactor reactor, int loop, TIo io, Action ended)
    {
        _loop = loop;
        Reactor = reactor;
        Io = io;
        Pipes = new PipePool<TIo>(io, reactor.Options.MaxPipes);
        Handshakes = new HandshakeLine(reactor);
        _ended = ended;
    }

    public Reactor Reactor { get; }

    public TIo Io { get; }

    /// <summary>The same for stages, which are few and know one kind only.</summary>
    public ISocketIo IoOfStages => field ??= Io;

    /// <summary>For streams in a rush.</summary>
    public PipePool<TIo> Pipes { get; }

    /// <summary>For hellos that came in several records.</summary>
    public byte[] HelloScratch => field ??= new byte[ClientHelloReader.ScratchLength];

    /// <summary>For what goes over the wire of a connection with TLS, beside <see cref="Reactor.Scratch"/> for what it means.</summary>
    public byte[] WireScratch => field ??= new byte[Reactor.Options.BufferSize];

    /// <summary>For what TLS itself has to say.</summary>
    public byte[] ReplyScratch => field ??= new byte[TlsEngine.UsualReply];

    /// <summary>The TLS handshakes with clients that are under way.</summary>
    public HandshakeLine Handshakes { get; }

    /// <summary>What clients ask for in their hellos, for those who are told of sessions.</summary>
    public TextCache Texts { get; } = new();

    /// <summary>Takes sessions that have ended, where somebody wants to know.</summary>
    public AccessRing? Ring { get; init; }

    /// <summary>Starts programs; null: there can be none.</summary>
    public ProgramYard? Programs { get; init; }

    /// <summary>What is shown to authorities that ask whether a name is ours; null: they learn nothing.</summary>
    public IAcmeChallenges? Challenges { get; init; }

    /// <summary>Where stages write.</summary>
    public StageLog StageLog { get; init; } = new();

    /// <summary>All sessions of the loop.</summary>
    public SessionRoll Roll { get; init; } = new();

    /// <summary>Runs something on the loop, from any thread.</summary>
    public Action<Action<object?>, object?> Post { get; init; } = static (run, state) => run(state);

    /// <summary>Whether a session may stay that has no backend.</summary>
    public bool LetsWait { get; private set; } = true;

    /// <summary>Sessions that pause before they try another backend.</summary>
    public SessionLine Pausing { get; } = new();

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
        // Who the client is will be told; this is only who brings it.
        var isBrought = plan.Preface?.AwaitsHeader(client) ?? false;
        if (!isBrought && !plan.Access.Admits(client))
        {
            entrance.Cell.RefusedByRule++;
            _ = Io.Reset(descriptor);
            return;
        }
        var pass = default(SourcePass);
        if (
            !isBrought
            && plan.Sources?.TryEnter(client, Reactor.Microseconds, out pass)
                is { } verdict
                    and not SourceVerdict.Admitted
        )
        {
            entrance.Cell.Count(verdict);
            _ = Io.Reset(descriptor);
            return;
        }
        if (!plan.Service.TryEnter(plan.MaxConnections))
        {
            entrance.Cell.RefusedByLimit++;
            pass.Leave();
            _ = Io.Reset(descriptor);
            return;
        }
        entrance.CountSession(Reactor.Microseconds);
        Active++;
        var session = _pool.TryPop(out var pooled) ? pooled : new StreamSession<TIo>(this);
        session.Pass = pass;
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

    /// <summary>Where this loop's sessions wait that found all backends full.</summary>
    public WaitingLine LineOf(WaitingRoom room)
    {
        var line = room[_loop];
        if (line is null)
        {
            room[_loop] = line = new WaitingLine(room, Reactor, Post);
        }
        _lines.Add(line);
        return line;
    }

    /// <summary>Lets all who wait look again: there are other backends, or other limits.</summary>
    public void Reconsider()
    {
        foreach (var line in _lines)
        {
            if (!line.Reconsider())
            {
                _lines.Remove(line);
            }
        }
    }

    /// <summary>Turns away all who have no backend, now and from now on.</summary>
    public void AbortWaiting()
    {
        LetsWait = false;
        Pausing.AbortAll();
        foreach (var line in _lines)
        {
            line.AbortAll();
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
