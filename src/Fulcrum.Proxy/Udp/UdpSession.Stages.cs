using Fulcrum.Engine.Ports;
using Fulcrum.Linux;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Proxy.DatagramStages;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Sessions;
using Fulcrum.Proxy.Stages;

namespace Fulcrum.Proxy.Udp;

/// <summary>What it does for its stages: datagrams go one by one, each by a system call of its own.</summary>
internal sealed partial class UdpSession : IDatagramHost
{
    /// <summary>No datagram is longer that can be told of by its length; what fills a buffer was longer.</summary>
    private const int LongestDatagram = ushort.MaxValue;

    private DatagramStageChain? _ingress;
    private DatagramStageChain? _egress;

    Reactor IDatagramHost.Reactor => Reactor;

    ushort IDatagramHost.Port => Listener.PortOf(Local);

    ListenerPlan IDatagramHost.Plan => _plan;

    SessionCell IDatagramHost.Counters => Cell;

    void IDatagramHost.Return(StageDirection direction, ReadOnlySpan<byte> datagram)
    {
        if (direction == StageDirection.Ingress)
        {
            Answer(datagram);
        }
        // Not to another backend: the one that sent it shall have it back.
        else if (IsCarried)
        {
            SendOverConnection(datagram);
        }
        else if (Backend is null || !TrySend(datagram, out _))
        {
            Cell.DroppedUnsent++;
        }
    }

    int IDatagramHost.Register(int descriptor, ulong token) => _relay.Loop.RegisterIncoming(descriptor, token);

    void IDatagramHost.AbortSession() => Abort();

    private void BeginStages(PlaneRoute route)
    {
        _ingress = DatagramStageChain.Of(
            route.Ingress,
            this,
            StageDirection.Ingress,
            new BackendSink(this),
            Listener.Entrance,
            _relay.StageLog
        );
        _egress = DatagramStageChain.Of(
            route.Egress,
            this,
            StageDirection.Egress,
            new ClientSink(this),
            Listener.Entrance,
            _relay.StageLog
        );
    }

    private void EndStages()
    {
        _ingress?.Close();
        _egress?.Close();
        _ingress = _egress = null;
    }

    /// <summary>Lets the datagrams in a part of a slot pass the stages, and returns how many they are.</summary>
    private int PassStages(DatagramBatch batch, int slot, int offset, int length)
    {
        Touch();
        var bytes = batch.Bytes(slot).Slice(offset, length);
        var segment = batch.SegmentSize(slot);
        var datagrams = DatagramBatch.Datagrams(length, segment);
        for (var left = datagrams; left > 1; left--)
        {
            _ingress!.Take(bytes[..segment]);
            bytes = bytes[segment..];
        }
        _ingress!.Take(bytes);
        return datagrams;
    }

    /// <summary>Sends a datagram to the backend, or to another if that one is not there.</summary>
    private void SendOne(ReadOnlySpan<byte> datagram)
    {
        for (var attempts = 2; attempts > 0 && HaveBackend(); attempts--)
        {
            if (IsCarried)
            {
                SendOverConnection(datagram);
                return;
            }
            if (TrySend(datagram, out var isRefused))
            {
                return;
            }
            if (!isRefused)
            {
                break;
            }
            // That was the answer to an earlier datagram, or there is no way; this one has not gone yet.
            Refused();
        }
        Cell.DroppedUnsent++;
    }

    /// <summary>Sends a datagram to the backend that it has.</summary>
    /// <param name="datagram">Counted if it is too long for the way there, too.</param>
    /// <param name="isRefused">It was not, because the backend is not there.</param>
    private bool TrySend(ReadOnlySpan<byte> datagram, out bool isRefused)
    {
        var sent = SocketCalls.Send(Descriptor, datagram);
        isRefused = sent < 0 && sent != -(int)Errno.MessageTooLong && !IsCongested(sent);
        if (sent >= 0)
        {
            CountSent(datagram.Length);
        }
        else if (sent == -(int)Errno.MessageTooLong)
        {
            Cell.DroppedTooLong++;
        }
        return sent is >= 0 or -(int)Errno.MessageTooLong;
    }

    /// <summary>Takes one answer, where stages have to see each. 1, or a negative errno.</summary>
    private int TakeOne(out bool isEmpty)
    {
        var received = SocketCalls.Receive(Descriptor, _relay.Single);
        isEmpty = received == -(int)Errno.TryAgain;
        if (received < 0)
        {
            return received;
        }
        Admit(_relay.Single.AsSpan(0, received));
        return 1;
    }

    /// <summary>A datagram that its backend has sent.</summary>
    private void Admit(ReadOnlySpan<byte> datagram)
    {
        if (AdmitReplies(1) == 0 || datagram.Length > LongestDatagram)
        {
            CountReplyDropped();
        }
        else if (_egress is { } stages)
        {
            stages.Take(datagram);
        }
        else
        {
            SendToClient(datagram);
        }
    }

    /// <summary>A stage answers in the place of the backend.</summary>
    private void Answer(ReadOnlySpan<byte> datagram)
    {
        if (AdmitReplies(1) == 0)
        {
            CountReplyDropped();
        }
        else
        {
            SendToClient(datagram);
        }
    }

    private void SendToClient(ReadOnlySpan<byte> datagram)
    {
        var source = Listener.SourceFor(Local);
        var sent =
            source.Family == SocketFamily.None
                ? SocketCalls.SendTo(ReplyDescriptor, datagram, Client)
                : SocketCalls.SendTo(ReplyDescriptor, datagram, Client, source);
        if (sent < 0)
        {
            CountReplyDropped();
            return;
        }
        _bytesOut += sent;
        Cell.BytesOut += sent;
        if (Backend is { } backend)
        {
            backend.Cell.BytesOut += sent;
        }
    }

    private void CountReplyDropped()
    {
        Cell.DroppedReplies++;
        if (Backend is { } backend)
        {
            backend.Cell.DroppedReplies++;
        }
    }

    private sealed class BackendSink(UdpSession session) : IDatagramSink
    {
        public void Take(ReadOnlySpan<byte> datagram) => session.SendOne(datagram);
    }

    private sealed class ClientSink(UdpSession session) : IDatagramSink
    {
        public void Take(ReadOnlySpan<byte> datagram) => session.SendToClient(datagram);
    }
}
