using System.Net;
using System.Net.Sockets;

namespace Fulcrum.Bench;

internal static class Ports
{
    /// <summary>One that nobody has at the moment, on any address, neither for streams nor for datagrams.</summary>
    public static ushort Unused()
    {
        while (true)
        {
            using var streams = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            streams.Bind(new IPEndPoint(IPAddress.Any, 0));
            try
            {
                datagrams.Bind(streams.LocalEndPoint!);
                return (ushort)((IPEndPoint)streams.LocalEndPoint!).Port;
            }
            catch (SocketException)
            {
                // Somebody has it for datagrams: the kernel gives another one.
            }
        }
    }
}
