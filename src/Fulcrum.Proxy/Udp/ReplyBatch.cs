using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Udp;

/// <summary>
/// Replies on their way to clients. Those of many sessions go out by one system call: when the batch is full, when
/// another listener's replies come, and at the end of the turn.
/// </summary>
internal sealed class ReplyBatch : LoopObject, IDisposable
{
    private readonly Reactor _reactor;
    private readonly DatagramBatch _batch;
    private readonly SendBatch _sends;
    private readonly SendBatch _parts;
    private readonly Reply[] _replies;
    private int _descriptor;
    private int _filled;
    private int _apart;

    public ReplyBatch(Reactor reactor, int capacity)
    {
        _reactor = reactor;
        _batch = new DatagramBatch(capacity, peers: false);
        _sends = new SendBatch(capacity);
        _parts = new SendBatch(capacity);
        _replies = new Reply[capacity];
    }

    /// <summary>
    /// Takes what a backend has sent. Returns the number of slots that it fills, or a negative errno;
    /// <paramref name="isEmpty"/> says that nothing is left for now.
    /// </summary>
    public int Take(UdpSession session, out bool isEmpty)
    {
        var listener = session.Listener;
        if (_filled == _batch.Capacity || (_filled > 0 && _descriptor != session.ReplyDescriptor))
        {
            Flush();
        }
        var room = _batch.Capacity - _filled;
        var received = SocketCalls.ReceiveMessages(session.Descriptor, _batch, _filled);
        isEmpty = received < room;
        if (received <= 0)
        {
            return received;
        }
        _descriptor = session.ReplyDescriptor;
        var source = listener.SourceFor(session.Local);
        var first = _sends.Count;
        for (var slot = _filled; slot < _filled + received; slot++)
        {
            Add(session, slot, source, first);
        }
        _filled += received;
        _reactor.MakeReady(this);
        return received;
    }

    /// <summary>Sends what is there.</summary>
    public void Flush()
    {
        for (var next = 0; next < _sends.Count; )
        {
            if (_replies[next].IsApart)
            {
                SendApart(next++);
                continue;
            }
            var sent = SocketCalls.SendMessages(_descriptor, _sends, next, TogetherFrom(next));
            if (sent > 0)
            {
                for (var end = next + sent; next < end; next++)
                {
                    _replies[next].CountSent(_sends.Bytes(next));
                }
            }
            else if (_sends.IsTrain(next) && UdpSession.RefusesTrain(sent))
            {
                KeepApart(next);
            }
            else
            {
                // UDP promises nothing: this one cannot go now, and the next may.
                _replies[next].CountDropped(_sends.Datagrams(next));
                next++;
            }
        }
        Clear();
    }

    public void Dispose()
    {
        _batch.Dispose();
        _sends.Dispose();
        _parts.Dispose();
    }

    protected override void OnEvents(int tag, EpollEvents events) { }

    protected override void OnTurn() => Flush();

    protected override void OnFault(Exception fault) => Clear();

    /// <param name="first">The first message of those that the session takes now.</param>
    private void Add(UdpSession session, int slot, in SocketAddress source, int first)
    {
        var length = _batch.Length(slot);
        var datagrams = _batch.Datagrams(slot);
        var admitted = session.AdmitReplies(datagrams);
        if (admitted < datagrams)
        {
            new Reply(session).CountDropped(datagrams - admitted);
            if (admitted == 0)
            {
                return;
            }
            length = admitted * _batch.SegmentSize(slot);
        }
        session.CountReply(length);
        if (admitted == datagrams && session.RepliesInTrains && _sends.Count > first && _sends.TryJoin(_batch, slot))
        {
            return;
        }
        _sends.Add(_batch, slot, 0, length, session.Client, source);
        var message = _sends.Count - 1;
        _replies[message] = new Reply(session);
        if (_sends.IsTrain(message) && !session.RepliesInTrains)
        {
            SetApart(message);
        }
    }

    /// <summary>How many messages from this one on may go by one call.</summary>
    private int TogetherFrom(int message)
    {
        if (_apart == 0)
        {
            return _sends.Count - message;
        }
        var end = message + 1;
        while (end < _sends.Count && !_replies[end].IsApart)
        {
            end++;
        }
        return end - message;
    }

    /// <summary>The way to this client takes no trains; as far as we know those to others do.</summary>
    private void KeepApart(int message)
    {
        ref readonly var reply = ref _replies[message];
        reply.Service.TrainsRefused++;
        if (reply.Session.Sequence == reply.Sequence)
        {
            reply.Session.RepliesInTrains = false;
        }
        SetApart(message);
    }

    private void SetApart(int message)
    {
        _replies[message].IsApart = true;
        _apart++;
    }

    private void SendApart(int message)
    {
        for (var first = 0; first < _sends.Datagrams(message); first += _parts.Count)
        {
            _parts.Unfold(_sends, message, first);
            for (var next = 0; next < _parts.Count; )
            {
                var sent = SocketCalls.SendMessages(_descriptor, _parts, next, _parts.Count - next);
                if (sent > 0)
                {
                    for (var end = next + sent; next < end; next++)
                    {
                        _replies[message].CountSent(_parts.Bytes(next));
                    }
                }
                else
                {
                    _replies[message].CountDropped(1);
                    next++;
                }
            }
        }
    }

    private void Clear()
    {
        _sends.Clear();
        _filled = _apart = 0;
    }

    /// <summary>Whose a message is. The session may have ended by the time it goes.</summary>
    private struct Reply(UdpSession session)
    {
        public readonly SessionCell Service = session.Cell;
        public readonly UdpSession Session = session;
        public readonly long Sequence = session.Sequence;
        private readonly SessionCell _backend = session.Backend!.Cell;

        /// <summary>It is a train and goes datagram by datagram.</summary>
        public bool IsApart;

        public readonly void CountSent(int bytes)
        {
            Service.BytesOut += bytes;
            _backend.BytesOut += bytes;
        }

        public readonly void CountDropped(int datagrams)
        {
            Service.DroppedReplies += datagrams;
            _backend.DroppedReplies += datagrams;
        }
    }
}
