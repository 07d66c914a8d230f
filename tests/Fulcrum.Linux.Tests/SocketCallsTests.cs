using System.Net;
using Fulcrum.Linux.Events;
using Fulcrum.Linux.Processes;
using Fulcrum.Linux.Sockets;
using Fulcrum.TestKit;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Linux.Tests;

public sealed class SocketCallsTests
{
    [Fact]
    public void A_socket_is_bound_to_an_interface_that_is_there()
    {
        var socket = SocketCalls.Open(SocketFamily.IPv4, SocketKind.Stream);
        try
        {
            Assert.Null(SocketCalls.InterfaceOf(socket));
            Assert.Equal(-(int)Errno.NoDevice, SocketCalls.BindToInterface(socket, "notthere0"));
            Assert.Equal(0, SocketCalls.BindToInterface(socket, "lo"));
            Assert.Equal("lo", SocketCalls.InterfaceOf(socket));
        }
        finally
        {
            SocketCalls.Close(socket);
        }
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void A_stream_carries_bytes_and_its_end(string address)
    {
        using var sockets = new Descriptors();
        var (client, server) = sockets.Pair(address);
        var buffer = new byte[16];
        Assert.Equal(-(int)Errno.TryAgain, SocketCalls.Receive(server, buffer));
        Assert.Equal(3, SocketCalls.Send(client, "abc"u8));
        Assert.Equal(3, SocketCalls.Peek(server, buffer));
        Assert.Equal(3, SocketCalls.Receive(server, buffer));
        Assert.Equal("abc"u8.ToArray(), buffer[..3]);
        Assert.Equal(0, SocketCalls.ShutdownWrite(client));
        Assert.Equal(0, SocketCalls.Receive(server, buffer));
        Assert.Equal(1, SocketCalls.Send(server, "x"u8));
        Assert.Equal(1, SocketCalls.Receive(client, buffer));
    }

    [Fact]
    public void Errors_are_negative_numbers()
    {
        using var sockets = new Descriptors();
        Assert.Equal(-(int)Errno.BadDescriptor, SocketCalls.Send(-1, "x"u8));
        var (client, server) = sockets.Pair("127.0.0.1");
        Assert.Equal(0, SocketCalls.Reset(server));
        sockets.Forget(server);
        // A program that another test is starting just now holds the socket, too, until it has begun.
        Await.Readable(client);
        Assert.Equal(-(int)Errno.ConnectionReset, SocketCalls.Receive(client, new byte[1]));
        Assert.Equal(-(int)Errno.BrokenPipe, SocketCalls.Send(client, "x"u8));
    }

    [Fact]
    public void A_refused_connection_is_told_by_its_error()
    {
        using var sockets = new Descriptors();
        using var epoll = new Epoll();
        using var events = new EventBuffer(4);
        var unused = sockets.Bound("127.0.0.1", SocketKind.Stream, out var address);
        var client = sockets.Open(SocketFamily.IPv4, SocketKind.Stream);
        var result = SocketCalls.Connect(client, address);
        Assert.Contains((Errno)(-result), new[] { Errno.InProgress, Errno.ConnectionRefused });
        Assert.Equal(0, epoll.Register(client, EpollEvents.Writable | EpollEvents.EdgeTriggered, 0xFEDCBA9876543210));
        Assert.Equal(1, epoll.Wait(events, 10_000));
        Assert.Equal(0xFEDCBA9876543210, events[0].Data);
        Assert.True(events[0].Events.HasFlag(EpollEvents.HangUp));
        if (result == -(int)Errno.InProgress)
        {
            Assert.Equal(Errno.ConnectionRefused, SocketCalls.TakeError(client));
        }
        Assert.Equal(Errno.None, SocketCalls.TakeError(client));
        Assert.True(unused >= 0);
    }

    [Fact]
    public void A_socket_is_connected_once_its_peer_is_there()
    {
        using var sockets = new Descriptors();
        Assert.False(SocketCalls.IsConnected(sockets.Bound("127.0.0.1", SocketKind.Stream, out var refusing)));
        var refused = sockets.Open(SocketFamily.IPv4, SocketKind.Stream);
        Assert.False(SocketCalls.IsConnected(refused));
        _ = SocketCalls.Connect(refused, refusing);
        Assert.False(SocketCalls.IsConnected(refused));
        var (client, server) = sockets.Pair("127.0.0.1");
        Assert.True(SocketCalls.IsConnected(client));
        Assert.True(SocketCalls.IsConnected(server));
        Assert.False(SocketCalls.IsConnected(-1));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Single_messages_go_to_an_address_and_come_from_one(string address)
    {
        using var sockets = new Descriptors();
        var buffer = new byte[16];
        var server = sockets.Bound(address, SocketKind.Datagram, out var serverAddress);
        var client = sockets.Bound(address, SocketKind.Datagram, out var clientAddress);
        Assert.Equal(-(int)Errno.TryAgain, SocketCalls.ReceiveFrom(server, buffer, out var from));
        Assert.Equal(default, from);
        Assert.Equal(3, SocketCalls.SendTo(client, "abc"u8, serverAddress));
        Assert.Equal(0, SocketCalls.SendTo(client, [], serverAddress));
        Assert.Equal(3, SocketCalls.ReceiveFrom(server, buffer, out from));
        Assert.Equal("abc"u8.ToArray(), buffer[..3]);
        Assert.Equal(clientAddress, from);
        Assert.Equal(0, SocketCalls.ReceiveFrom(server, buffer, out _));
        Assert.Equal(-(int)Errno.MessageTooLong, SocketCalls.SendTo(client, new byte[70_000], serverAddress));
    }

    [Fact]
    public void A_mark_is_set()
    {
        Require.Root();
        using var sockets = new Descriptors();
        var socket = sockets.Open(SocketFamily.IPv4, SocketKind.Datagram);
        Assert.Equal(0, SocketCalls.Get(socket, SocketOption.Mark));
        Assert.Equal(0, SocketCalls.Set(socket, SocketOption.Mark, 0x1234_5678));
        Assert.Equal(0x1234_5678, SocketCalls.Get(socket, SocketOption.Mark));
    }

    [Fact]
    public void An_edge_is_told_once()
    {
        using var sockets = new Descriptors();
        using var epoll = new Epoll();
        using var events = new EventBuffer(4);
        var (client, server) = sockets.Pair("127.0.0.1");
        Assert.Equal(0, epoll.Register(server, EpollEvents.Readable | EpollEvents.EdgeTriggered, 7));
        Assert.Equal(0, epoll.Wait(events, 0));
        _ = SocketCalls.Send(client, "x"u8);
        Assert.Equal(1, epoll.Wait(events, 10_000));
        Assert.Equal((EpollEvents.Readable, 7UL), events[0]);
        Assert.Equal(0, epoll.Wait(events, 0));
        _ = SocketCalls.Send(client, "y"u8);
        Assert.Equal(1, epoll.Wait(events, 10_000));
    }

    [Theory]
    [InlineData("0.0.0.0", "127.0.0.9")]
    [InlineData("::", "::1")]
    public void A_batch_knows_where_each_datagram_went_and_answers_from_there(string bind, string target)
    {
        using var sockets = new Descriptors();
        using var batch = new DatagramBatch(4, peers: true);
        using var sends = new SendBatch(4);
        var server = sockets.Bound(bind, SocketKind.Datagram, out var bound);
        var isIPv6 = bound.Family == SocketFamily.IPv6;
        Assert.Equal(0, SocketCalls.Set(server, isIPv6 ? SocketOption.IPv6PacketInfo : SocketOption.PacketInfo, 1));
        var to = SocketAddress.From(IPAddress.Parse(target), bound.Port);
        var client = sockets.Open(bound.Family, SocketKind.Datagram);
        Assert.Equal(0, SocketCalls.Connect(client, to));
        _ = SocketCalls.LocalAddress(client, out var clientAddress);
        foreach (var size in new[] { 5, 0, 1200 })
        {
            Assert.Equal(size, SocketCalls.Send(client, new byte[size]));
        }

        Assert.Equal(3, SocketCalls.ReceiveMessages(server, batch, 0));
        Assert.Equal([5, 0, 1200], new[] { batch.Length(0), batch.Length(1), batch.Length(2) });
        for (var slot = 0; slot < 3; slot++)
        {
            Assert.Equal(clientAddress, batch.Peer(slot));
            Assert.Equal(to.WithPort(0), batch.Local(slot));
            sends.Add(batch, slot, 0, batch.Length(slot), batch.Peer(slot), batch.Local(slot));
        }
        Assert.Equal(3, SocketCalls.SendMessages(server, sends, 0, 3));
        // The client is connected to the address it asked: an answer from another would not reach it.
        Assert.Equal(5, SocketCalls.Receive(client, new byte[2000]));
        Assert.Equal(0, SocketCalls.Receive(client, new byte[2000]));
        Assert.Equal(1200, SocketCalls.Receive(client, new byte[2000]));
        Assert.Equal(-(int)Errno.TryAgain, SocketCalls.ReceiveMessages(server, batch, 0));
    }

    [Fact]
    public void Unix_sockets_connect_by_name()
    {
        using var sockets = new Descriptors();
        var name = SocketAddress.Unix($"@fulcrum-test-{Guid.NewGuid()}");
        var listener = sockets.Open(SocketFamily.Unix, SocketKind.Stream);
        Assert.Equal(0, SocketCalls.Bind(listener, name));
        Assert.Equal(0, SocketCalls.Listen(listener, 1));
        var client = sockets.Open(SocketFamily.Unix, SocketKind.Stream);
        Assert.Equal(0, SocketCalls.Connect(client, name));
        var server = sockets.Keep(SocketCalls.Accept(listener, out var peer));
        Assert.Equal(SocketFamily.Unix, peer.Family);
        _ = SocketCalls.LocalAddress(server, out var local);
        Assert.Equal(name, local);
    }

    [Fact]
    public void Limits_and_usage_can_be_read_and_limits_never_fall()
    {
        var before = DescriptorLimit.Current;
        Assert.True(DescriptorLimit.Raise(1) >= before.Soft);
        var after = DescriptorLimit.Current;
        Assert.Equal(after.Soft, after.Hard);
        Assert.Equal(before.Hard, after.Hard);
        Assert.True(ResourceUsage.OfProcess().User >= ResourceUsage.OfThread().User);
        Assert.InRange(ResourceUsage.OfProcess().LargestResidentBytes, 1_000_000, 100_000_000_000);
    }

    [Fact]
    public void An_exception_says_what_was_tried()
    {
        var exception = Assert.Throws<LinuxException>(() =>
            LinuxException.ThrowIfError(-98, "listen on tcp://[::]:80")
        );
        Assert.Equal(Errno.AddressInUse, exception.Error);
        Assert.Equal("listen on tcp://[::]:80: Address already in use (98)", exception.Message);
    }
}
