using System.Net;
using Fulcrum.Linux.Sockets;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Linux.Tests;

/// <summary>Sockets that are closed when a test ends.</summary>
internal sealed class Descriptors : IDisposable
{
    private readonly List<int> _open = [];

    public int Keep(int descriptor)
    {
        Assert.True(descriptor >= 0, $"error {-descriptor}");
        _open.Add(descriptor);
        return descriptor;
    }

    public void Forget(int descriptor) => _open.Remove(descriptor);

    public int Open(SocketFamily family, SocketKind kind) => Keep(SocketCalls.Open(family, kind));

    public int Bound(string address, SocketKind kind, out SocketAddress bound)
    {
        var wanted = SocketAddress.From(IPAddress.Parse(address), 0);
        var descriptor = Open(wanted.Family, kind);
        Assert.Equal(0, SocketCalls.Bind(descriptor, wanted));
        Assert.Equal(0, SocketCalls.LocalAddress(descriptor, out bound));
        return descriptor;
    }

    public (int Client, int Server) Pair(string address)
    {
        var listener = Bound(address, SocketKind.Stream, out var bound);
        Assert.Equal(0, SocketCalls.Listen(listener, 1));
        var client = Open(bound.Family, SocketKind.Stream);
        Assert.Contains((Errno)(-SocketCalls.Connect(client, bound)), new[] { Errno.None, Errno.InProgress });
        // On loopback the connection is complete when connect(2) returns.
        var server = Keep(SocketCalls.Accept(listener, out var peer));
        _ = SocketCalls.LocalAddress(client, out var local);
        Assert.Equal(local, peer);
        return (client, server);
    }

    public void Dispose() => _open.ForEach(descriptor => SocketCalls.Close(descriptor));
}
