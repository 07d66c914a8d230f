using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Udp;

/// <summary>
/// A Unix socket that clients send datagrams to, on the one loop that has it: there is no SO_REUSEPORT for these. Each
/// datagram comes and goes by a system call of its own, and a client is known by the path or abstract name that its socket
/// is bound to (unix(7)). Who is not bound to one is heard and cannot be answered: all such are one client, whose name is
/// empty; so are those whose names are no UTF-8.
/// </summary>
internal sealed class UnixDatagramListener : UdpListener
{
    /// <summary>No datagram is longer that can be told of by its length; what fills the buffer was longer.</summary>
    private const int LongestDatagram = ushort.MaxValue;

    private readonly Dictionary<byte[], UdpSession> _byName;
    private readonly Dictionary<byte[], UdpSession>.AlternateLookup<ReadOnlySpan<byte>> _lookup;

    /// <summary>Takes over a bound socket.</summary>
    /// <param name="closed">Called once, when the socket is closed.</param>
    public UnixDatagramListener(
        UdpRelay relay,
        int descriptor,
        in SocketAddress address,
        Entrance entrance,
        Action closed
    )
        : base(relay, descriptor, address, entrance, loops: 1, canBeOffloaded: false, reach: null, closed)
    {
        _byName = new(EncodedNames.Comparer);
        _lookup = _byName.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public override bool AnswersOneByOne => true;

    internal override void Detach(UdpSession session)
    {
        base.Detach(session);
        Span<byte> name = stackalloc byte[SocketAddress.MaxLength + 1];
        _ = _lookup.Remove(name[..session.Client.Encode(name)]);
    }

    private protected override void Receive()
    {
        if (IsHandedOver)
        {
            return;
        }
        Span<byte> name = stackalloc byte[SocketAddress.MaxLength + 1];
        for (var left = Reactor.Options.ReadsPerTurn * UdpRelay.BatchSize; left > 0; left--)
        {
            var received = SocketCalls.ReceiveFrom(Descriptor, Relay.Single, name, out var length);
            if (received < 0)
            {
                return;
            }
            Forward(name[..length], Relay.Single.AsSpan(0, received));
        }
        Reactor.MakeReady(this);
    }

    private void Forward(ReadOnlySpan<byte> name, ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length > LongestDatagram)
        {
            Entrance.Cell.DroppedTooLong++;
        }
        else if (Find(name) is { } session)
        {
            session.Send(datagram);
        }
        else
        {
            Entrance.Cell.DroppedRefused++;
        }
    }

    private UdpSession? Find(ReadOnlySpan<byte> name)
    {
        if (_lookup.TryGetValue(name, out var known))
        {
            return known;
        }
        var client = EncodedNames.Decode(name);
        if (Find(new FlowKey(client, Address)) is not { } session)
        {
            return null;
        }
        if (client != SocketAddress.AnyUnix)
        {
            _byName[name.ToArray()] = session;
        }
        return session;
    }
}
