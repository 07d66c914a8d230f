using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Fulcrum.Health.Probing;
using Fulcrum.Health.Probing.Echo;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Protocols.Icmp;
using Fulcrum.TestKit;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Health.Tests;

public sealed class EchoProbeTests : IProbeOwner, IDisposable
{
    private readonly EventLoop _loop = new("echo", new LoopOptions { MaxBuffers = 1 }, TimeProvider.System);
    private readonly EchoPort _port;
    private readonly EchoProbe _probe;
    private ProbeResult? _result;

    public EchoProbeTests()
    {
        _port = new(SocketFamily.IPv4, null, 7, _loop);
        _probe = new(_port, SocketAddress.From(IPAddress.Loopback, 0), TimeProvider.System, this);
    }

    public void Dispose() => _loop.Dispose();

    void IProbeOwner.OnFinished(ProbeResult result, ProbePhases phases) => _result = result;

    void IProbeOwner.OnHandedOver(Probe next) => Assert.Fail("nobody else asks");

    [Fact]
    public async Task A_reply_with_something_else_is_passed_over_and_told()
    {
        await _loop.InvokeAsync(() =>
        {
            _probe.OnReply("something else"u8);
            Assert.Null(_result);
            _probe.Expire(null);
        });
        Assert.Equal(
            ProbeResult.Bad("timed out waiting for a reply; one came that brought back something else"),
            _result
        );
    }

    [Fact]
    public async Task The_reply_that_follows_counts()
    {
        await _loop.InvokeAsync(() =>
        {
            _probe.OnReply([]);
            _probe.OnReply(_probe.Payload);
        });
        Assert.Equal(ProbeResult.Good("replied"), _result);
    }

    [Theory]
    [InlineData(8, 0, "127.0.0.1")]
    [InlineData(7, 1, "127.0.0.1")]
    [InlineData(7, 0, "127.0.0.2")]
    public async Task A_reply_with_another_identifier_or_sequence_or_from_another_is_nobodys(
        ushort identifier,
        ushort later,
        string from
    )
    {
        Require.Root();
        await _loop.InvokeAsync(() =>
        {
            _probe.Start();
            Hear(identifier, (ushort)(_probe.Sequence + later), from);
            Assert.Null(_result);
            Hear(7, _probe.Sequence, "127.0.0.1");
            _port.Close();
        });
        Assert.Equal(ProbeResult.Good("replied"), _result);
    }

    private void Hear(ushort identifier, ushort sequence, string from)
    {
        var packet = new byte[IcmpEcho.HeaderLength + EchoProbe.PayloadLength];
        _ = IcmpEcho.Encode(packet, AddressFamily.InterNetwork, identifier, sequence, _probe.Payload);
        // A reply is a request of another type, and its checksum is the larger by that (RFC 1624).
        packet[0] = 0;
        var sum = BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2)) + 0x0800;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)((sum & 0xffff) + (sum >> 16)));
        var message = IcmpEcho.Decode(packet, AddressFamily.InterNetwork, hasHeader: false);
        Assert.Equal(IcmpKind.EchoReply, message.Kind);
        _port.Hear(message, SocketAddress.From(IPAddress.Parse(from), 0));
    }

    // As after a fault: what waits for its reply times out, and the loop has rest.
    [Fact]
    public async Task A_port_that_was_closed_is_not_read()
    {
        await _loop.InvokeAsync(() =>
        {
            _probe.Start();
            Require.That(_result is null, "needs the right to send echo requests");
            _port.Close();
            _probe.Expire(null);
            Assert.False(_loop.Reactor.HasReady);
        });
        Assert.Equal(ProbeResult.Bad("timed out waiting for a reply"), _result);
        Assert.Equal(0, await _loop.InvokeAsync(() => _loop.Reactor.Sockets));
    }
}
