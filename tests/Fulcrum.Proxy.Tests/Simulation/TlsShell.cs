using Fulcrum.Tls.Engine;

namespace Fulcrum.Proxy.Tests.Simulation;

/// <summary>
/// What stands between a peer and the relay where these speak TLS: it takes from the one what is to be encrypted, and from
/// the other what is to be decrypted, in pieces of any length and in any order. What a peer does at its own socket, it does
/// at the relay's: the handshake is ended first, ends are told by TLS, and resets are resets.
/// </summary>
internal sealed class TlsShell : IDisposable
{
    /// <summary>Bytes that it keeps to itself at most, in either direction, before it takes more.</summary>
    private const int Most = 200;

    private readonly byte[] _scratch = new byte[4096];
    private readonly byte[] _text = new byte[4096 + TlsEngine.MaxBuffered];
    private readonly byte[] _reply = new byte[TlsEngine.UsualReply];
    private readonly Queue<byte> _wire = new();
    private readonly Queue<byte> _plain = new();
    private readonly Peer _carrier = new();
    private readonly SimulatedSocket _outer;
    private readonly SimulatedSocket _inner;
    private readonly TlsEngine _engine;
    private bool _hasEnded;
    private bool _hasFinished;

    /// <param name="outer">The relay's.</param>
    /// <param name="inner">The peer's.</param>
    public TlsShell(
        SimulatedSocket outer,
        SimulatedSocket inner,
        TlsEngine engine,
        Connection connection,
        bool isClient
    )
    {
        (_outer, _inner, _engine, Connection, IsClient) = (outer, inner, engine, connection, isClient);
        _carrier.Begin(outer, 0, isClient, []);
        if (isClient)
        {
            Take([]);
        }
    }

    public Connection Connection { get; }

    public bool IsClient { get; }

    /// <summary>What was wrong.</summary>
    public string? Complaint { get; private set; }

    /// <summary>The relay does not know yet that TLS is agreed upon.</summary>
    public bool IsOnItsWay => !_engine.IsEstablished || _wire.Count > 0 || _outer.Incoming.Count > 0 || _outer.IsQueued;

    /// <summary>Lets some bytes go on, at most so many on each part of the way. True when anything did.</summary>
    public bool Move(int count)
    {
        if (!_carrier.IsLive)
        {
            return TellReset();
        }
        if (_inner.IsDead)
        {
            _carrier.Reset();
            return true;
        }
        var moved = FromRelay(count) | ToPeer(count);
        moved |= _engine.IsEstablished && FromPeer(count);
        return moved | ToRelay(count);
    }

    public void Dispose() => _engine.Dispose();

    private bool TellReset()
    {
        // The relay may have turned to another backend, for which the same peer stands.
        if (!_carrier.SawReset || !_inner.IsOpen || !ReferenceEquals(_inner.Peer!.Socket, _inner))
        {
            return false;
        }
        _inner.Close(reset: true);
        return true;
    }

    private bool FromRelay(int count)
    {
        var taken = 0;
        for (; taken < count && taken < _scratch.Length && _plain.Count < Most && _outer.Outgoing.Count > 0; taken++)
        {
            _scratch[taken] = _outer.Outgoing.Take();
        }
        if (taken > 0)
        {
            if (_outer.IsOpen)
            {
                _outer.TellRoom();
            }
            Take(_scratch.AsSpan(0, taken));
            return true;
        }
        if (_carrier.ReadEnd)
        {
            return false;
        }
        _carrier.NoticeEnd();
        Complain(_carrier.ReadEnd && !_hasEnded, "the end was not told by TLS");
        return _carrier.ReadEnd;
    }

    private void Take(ReadOnlySpan<byte> wire)
    {
        TlsTurn turn;
        do
        {
            turn = _engine.Receive(wire, _text, _reply);
            wire = wire[turn.Taken..];
            Put(_wire, _reply.AsSpan(0, turn.Wire));
            Put(_plain, _text.AsSpan(0, turn.Plain));
        } while (turn.Outcome == TlsOutcome.Continue && !wire.IsEmpty);
        _hasEnded |= turn.Outcome == TlsOutcome.Ended;
        Complain(turn.Outcome == TlsOutcome.Failed, _engine.Problem ?? "TLS has failed");
        Complain(_hasEnded && !wire.IsEmpty, "something comes after the end");
    }

    private bool ToPeer(int count)
    {
        if (_plain.Count == 0)
        {
            if (!_hasEnded || _inner.WriteShut || !_inner.IsOpen)
            {
                return false;
            }
            _ = _inner.ShutdownWrite();
            return true;
        }
        var length = Math.Min(Math.Min(count, _scratch.Length), Math.Min(_plain.Count, _inner.Outgoing.Free));
        for (var index = 0; index < length; index++)
        {
            _scratch[index] = _plain.Dequeue();
        }
        return length > 0 && _inner.Send(_scratch.AsSpan(0, length)) > 0;
    }

    private bool FromPeer(int count)
    {
        if (_hasFinished || _wire.Count >= Most)
        {
            return false;
        }
        var length = _inner.Receive(_scratch.AsSpan(0, Math.Min(count, Most)), peek: false);
        if (length < 0)
        {
            return false;
        }
        var turn = length > 0 ? _engine.Send(_scratch.AsSpan(0, length), _reply) : _engine.Finish(_reply);
        _hasFinished = length == 0;
        Put(_wire, _reply.AsSpan(0, turn.Wire));
        return true;
    }

    private bool ToRelay(int count)
    {
        if (_wire.Count == 0)
        {
            if (!_hasFinished || _carrier.Finished)
            {
                return false;
            }
            _carrier.Finish();
            return true;
        }
        if (!_outer.IsOpen)
        {
            // As a peer without TLS would find out.
            _carrier.SawReset = true;
            return true;
        }
        var given = 0;
        for (; given < count && _wire.Count > 0 && _outer.Incoming.Free > 0; given++)
        {
            _outer.Incoming.Add(_wire.Dequeue());
        }
        if (given > 0)
        {
            _outer.Wake();
        }
        return given > 0;
    }

    private static void Put(Queue<byte> queue, ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
        {
            queue.Enqueue(one);
        }
    }

    private void Complain(bool isWrong, string complaint) => Complaint ??= isWrong ? complaint : null;
}
