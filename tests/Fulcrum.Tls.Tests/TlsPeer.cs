using Fulcrum.Tls.Engine;

namespace Fulcrum.Tls.Tests;

/// <summary>An engine with what it wants to be sent, and what it was told.</summary>
internal sealed class TlsPeer(TlsEngine engine)
{
    private readonly byte[] _plain = new byte[(400 * 1024) + TlsEngine.MaxBuffered];
    private readonly Queue<byte> _out = new();
    private bool _needsRoom;
    private bool _isStarted;

    public TlsEngine Engine => engine;

    /// <summary>Everything that has come for the application.</summary>
    public List<byte> Heard { get; } = [];

    public bool HasEnded { get; private set; }

    public bool HasFailed { get; private set; }

    /// <summary>Everything that it ever sent.</summary>
    public List<byte> Sent { get; } = [];

    /// <summary>All that it sent, record by record.</summary>
    public IEnumerable<byte[]> Records
    {
        get
        {
            byte[] record = [];
            for (var at = 0; at < Sent.Count; at += record.Length)
            {
                yield return record = [.. Sent.Skip(at).Take(5 + (Sent[at + 3] << 8) + Sent[at + 4])];
            }
        }
    }

    public byte[] LastRecord => Records.Last();

    public bool Says(ReadOnlySpan<byte> text, Func<int>? room = null)
    {
        while (!text.IsEmpty)
        {
            var wire = new byte[room?.Invoke() ?? (TlsEngine.WireLength(text.Length) + TlsEngine.UsualReply)];
            var turn = engine.Send(text, wire);
            Put(wire.AsSpan(0, turn.Wire));
            text = text[turn.Taken..];
            if (turn.Outcome == TlsOutcome.Failed)
            {
                return false;
            }
        }
        return true;
    }

    public void Finish(Func<int>? room = null)
    {
        TlsTurn turn;
        do
        {
            var wire = new byte[room?.Invoke() ?? TlsEngine.UsualReply];
            turn = engine.Finish(wire);
            Put(wire.AsSpan(0, turn.Wire));
        } while (turn.Outcome == TlsOutcome.NeedsRoom);
    }

    public void Put(ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
        {
            _out.Enqueue(one);
            Sent.Add(one);
        }
    }

    /// <summary>Takes away what it wants to be sent.</summary>
    public byte[] TakeSent()
    {
        byte[] all = [.. _out];
        _out.Clear();
        return all;
    }

    public void Start(Func<int> room)
    {
        if (!_isStarted && !engine.IsEstablished)
        {
            _isStarted = true;
            Receive([], room);
        }
    }

    /// <summary>Lets it say what it has to say without anything coming.</summary>
    public void Begin() => Receive([], () => TlsEngine.UsualReply);

    public bool TakeFrom(TlsPeer other, Func<int> piece, Func<int> room)
    {
        if (HasFailed || (other._out.Count == 0 && !_needsRoom))
        {
            return false;
        }
        var wire = new byte[Math.Min(other._out.Count, piece())];
        for (var i = 0; i < wire.Length; i++)
        {
            wire[i] = other._out.Dequeue();
        }
        Receive(wire, room);
        return true;
    }

    public TlsTurn Receive(ReadOnlySpan<byte> wire, Func<int> room)
    {
        while (true)
        {
            var reply = new byte[room()];
            var turn = engine.Receive(wire, _plain, reply);
            Put(reply.AsSpan(0, turn.Wire));
            Heard.AddRange(_plain.AsSpan(0, turn.Plain));
            wire = wire[turn.Taken..];
            HasEnded |= turn.Outcome == TlsOutcome.Ended;
            HasFailed |= turn.Outcome == TlsOutcome.Failed;
            _needsRoom = turn.Outcome == TlsOutcome.NeedsRoom;
            if (turn.Outcome != TlsOutcome.Continue || wire.IsEmpty)
            {
                // Whoever has ended or failed leaves the rest of what came.
                if (turn.Outcome == TlsOutcome.NeedsRoom)
                {
                    continue;
                }
                return turn;
            }
        }
    }
}
