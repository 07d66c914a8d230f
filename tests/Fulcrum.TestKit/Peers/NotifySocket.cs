using System.Net.Sockets;
using System.Text;

namespace Fulcrum.TestKit.Peers;

/// <summary>A service manager's ear: a datagram socket that <c>NOTIFY_SOCKET</c> names (sd_notify(3)).</summary>
public sealed class NotifySocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly List<string> _messages = [];

    /// <param name="name">A path, or '@' and a name that stands in no file system.</param>
    public NotifySocket(string name)
    {
        Name = name;
        _socket.Bind(new UnixDomainSocketEndPoint(name[0] == '@' ? "\0" + name[1..] : name));
        _socket.Blocking = false;
    }

    /// <summary>What <c>NOTIFY_SOCKET</c> has to be.</summary>
    public string Name { get; }

    /// <summary>All that was said so far, in its order; each may have several lines.</summary>
    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (_messages)
            {
                while (_socket.Available > 0)
                {
                    var message = new byte[4096];
                    _messages.Add(Encoding.UTF8.GetString(message, 0, _socket.Receive(message)));
                }

                return [.. _messages];
            }
        }
    }

    /// <summary>Whether some message has this line.</summary>
    public bool Heard(string line) =>
        Messages.Any(message => message.Split('\n').Contains(line, StringComparer.Ordinal));

    public void Dispose() => _socket.Dispose();
}
