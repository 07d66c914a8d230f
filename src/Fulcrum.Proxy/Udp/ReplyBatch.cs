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
    private readonly (SessionCell Service, SessionCell Backend)[] _cells;
    private int _descriptor;
    private int _count;

    public ReplyBatch(Reactor reactor, int capacity)
    {
        _reactor = reactor;
        _batch = new DatagramBatch(capacity);
        _cells = new (SessionCell, SessionCell)[capacity];
    }

    /// <summary>
    /// Takes what a backend has sent. Returns the number of datagrams, or a negative errno;
    /// <paramref name="isEmpty"/> says that nothing is left for now.
    /// </summary>
    public int Take(UdpSession session, out bool isEmpty)
    {
        var listener = session.Listener;
        if (_count == _batch.Capacity || (_count > 0 && _descriptor != listener.Descriptor))
        {
            Flush();
        }
        _batch.PrepareReceive(_count, addresses: false);
        var room = _batch.Capacity - _count;
        var received = SocketCalls.ReceiveMessages(session.Descriptor, _batch, _count);
        isEmpty = received < room;
        if (received <= 0)
        {
            return received;
        }
        _descriptor = listener.Descriptor;
        for (var slot = _count; slot < _count + received; slot++)
        {
            _batch.PrepareSend(slot, _batch.Length(slot), session.Client, listener.SourceFor(session.Local));
            session.CountReply(_batch.Length(slot));
            _cells[slot] = (session.Cell, session.Backend!.Cell);
        }
        _count += received;
        _reactor.MakeReady(this);
        return received;
    }

    /// <summary>Sends what is there.</summary>
    public void Flush()
    {
        var first = 0;
        while (first < _count)
        {
            var sent = SocketCalls.SendMessages(_descriptor, _batch, first, _count - first);
            if (sent > 0)
            {
                CountSent(first, sent);
                first += sent;
            }
            else
            {
                // UDP promises nothing: this one cannot go now, and the next may.
                _cells[first].Service.DroppedReplies++;
                _cells[first].Backend.DroppedReplies++;
                first++;
            }
        }
        _count = 0;
    }

    public void Dispose() => _batch.Dispose();

    protected override void OnEvents(int tag, EpollEvents events) { }

    protected override void OnTurn() => Flush();

    protected override void OnFault(Exception fault) => _count = 0;

    private void CountSent(int first, int sent)
    {
        for (var slot = first; slot < first + sent; slot++)
        {
            var length = _batch.Length(slot);
            _cells[slot].Service.BytesOut += length;
            _cells[slot].Backend.BytesOut += length;
        }
    }
}
