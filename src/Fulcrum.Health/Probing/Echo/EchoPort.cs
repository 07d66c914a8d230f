using System.Net.Sockets;
using Fulcrum.Linux;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Protocols.Icmp;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Health.Probing.Echo;

/// <summary>
/// One socket for the echo requests of many probes: every raw socket gets a copy of every reply that reaches this
/// machine, so that one for each probe would cost the square of them. Replies are told apart by sequence number, and
/// must come from whom was asked and bring back his payload.
/// </summary>
internal sealed class EchoPort(SocketFamily family, SocketAddress? source, ushort identifier, EventLoop loop)
    : LoopObject
{
    /// <summary>Messages in one turn, before others get theirs.</summary>
    private const int ReadsPerTurn = 256;

    private readonly Dictionary<ushort, EchoProbe> _waiting = [];
    private readonly byte[] _packet = new byte[IcmpEcho.HeaderLength + EchoProbe.PayloadLength];
    private int _descriptor = -1;
    private ulong _token;
    private bool _isRaw;
    private ushort _sequence;

    private AddressFamily Family =>
        family == SocketFamily.IPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;

    /// <summary>Sends a request for the probe, which hears of the answer until it leaves. 0 or a negative errno.</summary>
    public int Ask(EchoProbe probe)
    {
        if (_descriptor < 0 && Open() is < 0 and var refused)
        {
            return refused;
        }

        if (_waiting.Count == ushort.MaxValue)
        {
            return -(int)Errno.NoBufferSpace;
        }

        while (!_waiting.TryAdd(++_sequence, probe)) { }

        probe.Sequence = _sequence;
        var length = IcmpEcho.Encode(_packet, Family, identifier, _sequence, probe.Payload);
        return SocketCalls.SendTo(_descriptor, _packet.AsSpan(0, length), probe.Target);
    }

    public void Leave(EchoProbe probe)
    {
        if (_waiting.GetValueOrDefault(probe.Sequence) == probe)
        {
            _waiting.Remove(probe.Sequence);
        }
    }

    /// <summary>Gives back the socket; the next request opens another.</summary>
    public void Close()
    {
        if (_descriptor >= 0)
        {
            loop.Reactor.Forget(this);
            loop.Reactor.RemoveSocket(_token);
            _ = SocketCalls.Close(_descriptor);
            _descriptor = -1;
        }
    }

    /// <summary>Hears what is there.</summary>
    public void Read()
    {
        var buffer = loop.Reactor.Scratch;
        for (var reads = 0; _descriptor >= 0; reads++)
        {
            if (reads == ReadsPerTurn)
            {
                loop.Reactor.MakeReady(this);
                return;
            }

            var read = SocketCalls.ReceiveFrom(_descriptor, buffer, out var from);
            if (read == -(int)Errno.TryAgain)
            {
                return;
            }

            // Errors of former requests come up here, too: what they are about times out.
            if (read > 0)
            {
                Hear(IcmpEcho.Decode(buffer.Slice(0, read), Family, hasHeader: _isRaw), from);
            }
        }
    }

    protected override void OnEvents(int tag, EpollEvents events) => Read();

    protected override void OnTurn() => Read();

    // The next request opens another socket; what waits for this one times out.
    protected override void OnFault(Exception fault) => Close();

    private int Open()
    {
        var descriptor = SocketCalls.OpenEcho(family, out _isRaw);
        if (descriptor < 0)
        {
            return descriptor;
        }

        var result = source is { } address ? SocketCalls.Bind(descriptor, address) : 0;
        _token = loop.Reactor.AddSocket(this, 0);
        result = result >= 0 ? loop.Register(descriptor, _token) : result;
        _descriptor = descriptor;
        if (result < 0)
        {
            Close();
        }

        return result;
    }

    /// <summary>Gives a message to whom it is for; what is for nobody is passed over.</summary>
    public void Hear(IcmpMessage message, SocketAddress from)
    {
        if (
            message.Kind == IcmpKind.None
            || (_isRaw && message.Identifier != identifier)
            || !_waiting.TryGetValue(message.Sequence, out var probe)
        )
        {
            return;
        }

        if (message.Kind == IcmpKind.Unreachable)
        {
            probe.OnUnreachable(message.Reason!);
        }
        else if (from.Bits == probe.Target.Bits)
        {
            probe.OnReply(message.Payload);
        }
    }
}
