using Fulcrum.Linux.Netlink;
using Fulcrum.TestKit;

namespace Fulcrum.Linux.Tests.Netlink;

public sealed class NetlinkSocketTests : IDisposable
{
    private readonly Lab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public async Task What_is_not_the_kernels_is_not_heard()
    {
        using var socket = (NetlinkSocket)_lab.Open(NetlinkProtocol.Route);
        using var stranger = (NetlinkSocket)_lab.Open(NetlinkProtocol.Route);
        stranger.Send(FakeKernel.Acknowledgement(1, Errno.Exists), socket.Port);
        socket.Send(FakeKernel.Message(9999, NetlinkFlags.Request | NetlinkFlags.Acknowledge, 1));
        var datagram = await Wait.For(socket.ReceiveAsync(default).AsTask(), "the kernel's answer");
        Assert.Equal(Errno.NotSupported, Read(datagram!.Value.Span)!.Error);
    }

    private static NetlinkError? Read(ReadOnlySpan<byte> datagram)
    {
        Assert.True(NetlinkMessage.TryTake(ref datagram, out var message));
        Assert.True(NetlinkError.TryDecode(message, out var error));
        return error;
    }
}
