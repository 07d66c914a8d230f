using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.TestKit.Peers;

/// <summary>Questions about ports, asked from inside a namespace (null: from where the test runs).</summary>
public static class Ports
{
    /// <summary>
    /// A TCP port that nothing used a moment ago. In a namespace of the test's own nothing can take it meanwhile;
    /// outside, prefer to let the program bind port 0 and tell which one it got.
    /// </summary>
    public static int Unused(NetworkNamespace? home = null)
    {
        using var socket = Open(home, AddressFamily.InterNetwork);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Whether something accepts TCP connections there.</summary>
    public static async Task<bool> Accepts(NetworkNamespace? home, IPEndPoint end)
    {
        using var socket = Open(home, end.AddressFamily);
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
        try
        {
            await socket.ConnectAsync(end, bound.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private static Socket Open(NetworkNamespace? home, AddressFamily family) =>
        home?.OpenSocket(family, SocketType.Stream, ProtocolType.Tcp)
        ?? new Socket(family, SocketType.Stream, ProtocolType.Tcp);
}
