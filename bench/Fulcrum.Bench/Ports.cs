using System.Net;
using System.Net.Sockets;

namespace Fulcrum.Bench;

internal static class Ports
{
    /// <summary>One that nobody has at the moment, on any address.</summary>
    public static ushort Unused()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
