using Fulcrum.Linux.Events;
using Fulcrum.Loops;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Waiting;

/// <summary>
/// The TLS handshakes with clients that are under way on one loop, and the clients that wait for theirs to begin.
/// <para>
/// A client that has sent its hello and then says nothing costs what the library needs for it, some 43 KB, and its
/// hello cost us a signature. So as many handshakes as there may be have places here, which come back when a handshake
/// ends, however it does; each loop has its share of the node's, so that nobody asks other loops. Of whoever has no
/// place nothing is kept but the session: the hello still lies in the socket's queue, where it was only looked at.
/// </para>
/// <para>
/// When all places are taken, the handshake that began first makes room, as in the queues of half-open connections that
/// kernels keep (RFC 4987 section 3.4): honest clients answer after one round trip, so the oldest one is most likely none of
/// theirs. Bytes that trickle in do not make it younger, or a few of them each second would hold a place for ever. One
/// that began less than <see cref="Patience"/> ago stays, which is longer than round trips are and leaves room for a
/// packet that was lost; until then who is new has to wait. This also bounds the signatures that silent clients can
/// make us work out: to all places in each span of that length.
/// </para>
/// <para>
/// Of those who wait the newest and the one who has waited longest go in turn. In the order in which they came everybody
/// would be served just when it is too late, where more come than can be served in time; and if always the newest were
/// first, those who come again as soon as they have had to make room would keep out whoever stands behind them.
/// </para>
/// </summary>
internal sealed class HandshakeLine(Reactor reactor) : LoopObject
{
    /// <summary>Milliseconds that a handshake has for itself, however many want its place.</summary>
    public const long Patience = 1_000;

    private readonly SessionLine _underWay = new();
    private readonly SessionLine _waiting = new();
    private bool _longestIsNext;

    public int UnderWay => _underWay.Count;

    public int Waiting => _waiting.Count;

    /// <summary>Gives a session a place. False: it waits for one, and <see cref="BackendSession.TryProceed"/> tells it.</summary>
    public bool TryEnter(BackendSession session)
    {
        if (_waiting.Count == 0 && HasRoom())
        {
            Enter(session);
            return true;
        }
        _waiting.Add(session);
        reactor.MakeReady(this);
        return false;
    }

    /// <summary>Its handshake is over.</summary>
    public void Leave(BackendSession session)
    {
        _underWay.Remove(session);
        if (_waiting.Count > 0)
        {
            reactor.MakeReady(this);
        }
    }

    /// <summary>It has waited enough.</summary>
    public void StopWaiting(BackendSession session)
    {
        _waiting.Remove(session);
        if (_waiting.Count == 0)
        {
            reactor.Forget(this);
        }
    }

    // One at a time: each begins with a signature, and others have something to do between two of them.
    protected override void OnTurn()
    {
        if (_waiting.Count == 0 || !HasRoom())
        {
            return;
        }
        var session = _longestIsNext ? _waiting.First! : _waiting.Last!;
        _longestIsNext = !_longestIsNext;
        StopWaiting(session);
        Enter(session);
        if (_waiting.Count > 0)
        {
            reactor.MakeReady(this);
        }
        _ = session.TryProceed();
    }

    protected override void OnTimer() => OnTurn();

    protected override void OnEvents(int tag, EpollEvents events) { }

    protected override void OnFault(Exception fault) { }

    private void Enter(BackendSession session)
    {
        session.WaitsSince = reactor.Microseconds;
        _underWay.Add(session);
    }

    /// <summary>Whether there is a place, or one can be had.</summary>
    private bool HasRoom()
    {
        if (_underWay.Count < reactor.Options.MaxHandshakes)
        {
            return true;
        }
        var oldest = _underWay.First!;
        var left = Patience - ((reactor.Microseconds - oldest.WaitsSince) / 1000);
        if (left > 0)
        {
            reactor.SetTimer(this, left);
            return false;
        }
        oldest.Evict();
        return true;
    }
}
