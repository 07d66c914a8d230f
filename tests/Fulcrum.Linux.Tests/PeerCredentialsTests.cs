using System.Net;
using System.Net.Sockets;
using Fulcrum.Linux.Processes;
using Fulcrum.Linux.Sockets;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Users;

namespace Fulcrum.Linux.Tests;

public sealed class PeerCredentialsTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public PeerCredentialsTests()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(_folder.PathOf("socket")));
        _listener.Listen();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void The_other_end_is_this_process()
    {
        using var client = Connect();
        using var accepted = _listener.Accept();
        var peer = PeerCredentials.Of(accepted.SafeHandle)!;
        Assert.Equal((Accounts.OwnUserId, Environment.ProcessId), (peer.UserId, peer.ProcessId));
        Assert.NotEmpty(peer.GroupIds);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(100)]
    public void Another_user_is_known_with_all_groups(int more)
    {
        File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_001_001);
        File.SetUnixFileMode(_folder.PathOf("socket"), (UnixFileMode)0b110_110_110);
        uint[] groups = [70_000, .. Enumerable.Range(80_000, more).Select(group => (uint)group)];
        using var client = OtherUser.Do(OtherUser.Nobody, groups, Connect);
        using var accepted = _listener.Accept();
        var peer = PeerCredentials.Of(accepted.SafeHandle)!;
        Assert.Equal(OtherUser.Nobody, peer.UserId);
        Assert.Equal(groups, peer.GroupIds.Order());
    }

    [Fact]
    public void Nobody_is_at_the_other_end_of_other_sockets()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        Assert.Null(PeerCredentials.Of(socket.SafeHandle));
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.Null(PeerCredentials.Of(socket.SafeHandle));
        var closed = Connect();
        var handle = closed.SafeHandle;
        closed.Dispose();
        Assert.Null(PeerCredentials.Of(handle));
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(_folder.PathOf("socket")));
        return socket;
    }
}
