using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Model.Upstreams;
using Fulcrum.Proxy.AccessLogs;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Sessions;
using Fulcrum.Proxy.Stages;

namespace Fulcrum.Proxy.Streams;

/// <summary>What a session does for its stages.</summary>
internal sealed partial class StreamSession<TIo> : IStageHost
{
    /// <summary>When no buffer is left, so little is read at a time that a small one of its own will do.</summary>
    private const int SmallShare = 16;

    private SessionEnd? _endByStage;

    Reactor IStageHost.Reactor => Reactor;

    SocketAddress IStageHost.Client => _from;

    ushort IStageHost.Port => _port;

    ListenerPlan IStageHost.Plan => _plan;

    SessionCell IStageHost.Counters => _cell;

    bool IStageHost.HasWholePieces => _client.IsApart;

    void IStageHost.Wake(StageDirection direction)
    {
        ref var side = ref From(direction);
        side.Readable = side.IsWoken = true;
        Reactor.MakeReady(this);
    }

    bool IStageHost.CanReturn(StageDirection direction)
    {
        ref readonly var side = ref From(direction);
        return side.Broken || side.Finished || (side.Writable && !side.IsOwed);
    }

    void IStageHost.Return(StageDirection direction, ReadOnlySpan<byte> data)
    {
        ref var side = ref From(direction);
        if (side.Broken || side.Finished)
        {
            // Nothing goes there any more: it is reset, or was told the end of what the other side sends.
            return;
        }
        var sent = _isApart ? PassOn(ref side, data) : SendOrKeep(ref side, data);
        if (direction == StageDirection.Ingress)
        {
            Count(sent, ref _bytesOut, ref _cell.BytesOut, ref Backend!.Cell.BytesOut);
        }
        else
        {
            Count(sent, ref _bytesIn, ref _cell.BytesIn, ref Backend!.Cell.BytesIn);
        }
    }

    ISocketIo IStageHost.Io => _relay.IoOfStages;

    int IStageHost.WriteHeader(ProxyHeaderSpec header, Span<byte> to) => WriteHeader(header, to);

    void IStageHost.EndSession(SessionEnd end)
    {
        // Not at once: it may be in the middle of a read.
        _endByStage ??= end;
        _client.Break();
        _server.Break();
        _client.Ended = _server.Ended = true;
        Reactor.MakeReady(this);
    }

    private ref Side From(StageDirection direction) =>
        ref direction == StageDirection.Ingress ? ref _client : ref _server;

    /// <summary>The stages come into being when there is a backend for what passes them.</summary>
    private void BeginStages(PlaneRoute route)
    {
        _client.Chain = StageChain.Of(
            route.Ingress,
            this,
            StageDirection.Ingress,
            new SideSource(this, StageDirection.Ingress),
            _destinations,
            _relay.StageLog
        );
        _server.Chain = StageChain.Of(
            route.Egress,
            this,
            StageDirection.Egress,
            new SideSource(this, StageDirection.Egress),
            _destinations,
            _relay.StageLog
        );
    }

    /// <summary>One read through the stages, and the sending on of what it gave. Returns the bytes sent.</summary>
    private int TransferThrough(StageChain chain, ref Side from, ref Side to, ref int left)
    {
        // Stages cannot look without taking: what is read has to find room.
        var scratch = Reactor.Scratch;
        var most = Reactor.Buffers.HasRoom || from.IsApart ? scratch.Length : SmallLength;
        from.IsWoken = false;
        var count = chain.Read(scratch.Slice(0, most));
        if (count > 0)
        {
            var passed = scratch.Slice(0, count);
            return from.IsApart ? PassOn(ref to, passed) : SendOrKeep(ref to, passed);
        }
        EndOrWait(ref from, ref to, count);
        if (from.IsWoken)
        {
            // A stage that has had its share of this turn wants another.
            from.Readable = true;
            left = 0;
        }
        return 0;
    }

    private int SmallLength => Math.Max(1, Reactor.Options.BufferSize / SmallShare);

    private int SendOrKeep(ref Side to, ReadOnlySpan<byte> data)
    {
        if (to.Tls is { } tls)
        {
            return SendTls(ref to, tls, data);
        }
        var sent = SendAny(ref to, data);
        if (sent < data.Length && !to.Broken)
        {
            Keep(ref to, data[sent..]);
        }
        return sent;
    }

    /// <summary>The stages of a side may have waited until it takes something again.</summary>
    private void WakeStages(ref Side side)
    {
        if (side.Chain is not null)
        {
            side.Readable = true;
            Reactor.MakeReady(this);
        }
    }

    private void EndStages()
    {
        _client.Chain?.Close();
        _server.Chain?.Close();
        _client.Chain = _server.Chain = null;
    }

    /// <summary>What comes from one of the two connections.</summary>
    private sealed class SideSource(StreamSession<TIo> session, StageDirection direction) : IByteSource
    {
        public int Read(Span<byte> buffer)
        {
            ref var side = ref session.From(direction);
            var count = side.IsApart
                ? session.ReadWhole(ref side, buffer)
                : session._relay.Io.Receive(side.Descriptor, buffer);
            if (count > 0)
            {
                // Also what a stage keeps for itself shows that somebody is there.
                session._lastActivity = session.Reactor.Now;
            }
            return count;
        }
    }
}
