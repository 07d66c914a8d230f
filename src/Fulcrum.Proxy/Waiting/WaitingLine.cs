using Fulcrum.Linux.Events;
using Fulcrum.Loops;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Waiting;

/// <summary>Those of one loop who wait in a <see cref="WaitingRoom"/>, first come, first served.</summary>
internal sealed class WaitingLine : LoopObject
{
    /// <summary>Later than any time.</summary>
    public const long Nobody = long.MaxValue;

    private readonly SessionLine _line = new();
    private readonly WaitingRoom _room;
    private readonly Reactor _reactor;
    private readonly Action<Action<object?>, object?> _post;
    private long _since = Nobody;
    private int _isCalled;

    /// <param name="post">Runs something on the loop, from any thread.</param>
    public WaitingLine(WaitingRoom room, Reactor reactor, Action<Action<object?>, object?> post)
    {
        (_room, _reactor, _post) = (room, reactor, post);
    }

    /// <summary>Since when its first waits, in microseconds of the loops' time. For all threads.</summary>
    public long Since => Volatile.Read(ref _since);

    /// <summary>Lets a session wait. False: too many do.</summary>
    public bool TryAdd(BackendSession session, int size)
    {
        if (!_room.TryEnter(size))
        {
            return false;
        }
        session.WaitsSince = _reactor.Microseconds;
        _line.Add(session);
        TellSince();
        // A place may have become free before anybody could see that somebody waits here, and those who wait already may
        // be too choosy for it.
        _reactor.MakeReady(this);
        return true;
    }

    /// <summary>The session waits no longer.</summary>
    public void Remove(BackendSession session)
    {
        _line.Remove(session);
        TellSince();
        _room.Leave();
    }

    /// <summary>There may be a place for its first. From any thread; many calls at once are one.</summary>
    public void Call()
    {
        if (Interlocked.Exchange(ref _isCalled, 1) == 0)
        {
            _post(static line => ((WaitingLine)line!).Look(), this);
        }
    }

    /// <summary>
    /// Things have changed: somebody may find a place, or there is no more to be hoped for. False: nobody waits.
    /// </summary>
    public bool Reconsider()
    {
        if (_line.First is null)
        {
            return false;
        }
        _reactor.MakeReady(this);
        return true;
    }

    public void AbortAll() => _line.AbortAll();

    protected override void OnTurn() => Serve();

    protected override void OnEvents(int tag, EpollEvents events) { }

    protected override void OnFault(Exception fault) => Reconsider();

    private void Look()
    {
        // Before it looks: a place that is freed from here on calls again.
        _ = Interlocked.Exchange(ref _isCalled, 0);
        Serve();
    }

    private void Serve()
    {
        var session = _line.First;
        while (session is not null)
        {
            var next = session.NextInLine;
            // Who has failed somewhere may be choosy; whoever is not speaks for all behind him.
            if (!session.TryProceed() && !session.IsChoosy)
            {
                return;
            }
            session = next;
        }
        // What called may be of use to another loop.
        _room.CallBehind(this);
    }

    private void TellSince() => Interlocked.Exchange(ref _since, _line.First?.WaitsSince ?? Nobody);
}
