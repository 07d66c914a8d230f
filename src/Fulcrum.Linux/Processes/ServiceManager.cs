using System.Net.Sockets;
using System.Text;

namespace Fulcrum.Linux.Processes;

/// <summary>
/// Tells the service manager what we are doing, as sd_notify(3) describes it: datagrams to the socket that
/// <c>NOTIFY_SOCKET</c> names. Without one, and whatever goes wrong, nothing happens: being heard is not needed.
/// </summary>
public static class ServiceManager
{
    public static void Ready() => Notify("READY=1");

    public static void Stopping() => Notify("STOPPING=1");

    /// <summary>One line for people, shown by <c>systemctl status</c>.</summary>
    public static void Status(string text) => Notify($"STATUS={text}");

    private static void Notify(string message)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 1 } name)
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(
                Encoding.UTF8.GetBytes(message),
                new UnixDomainSocketEndPoint(name[0] == '@' ? "\0" + name[1..] : name)
            );
        }
        catch (SocketException)
        {
            // Nobody listens.
        }
    }
}
