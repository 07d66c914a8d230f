using System.Security.Cryptography;
using Fulcrum.Health.Probing.Sockets;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;

namespace Fulcrum.Health.Probing.Echo;

/// <summary>The sockets for echo requests: one for each family and source address that is in use.</summary>
internal sealed class EchoPorts(EventLoop loop)
{
    private readonly Dictionary<(SocketFamily, SocketAddress?), EchoPort> _ports = [];

    public EchoPort For(ProbeTarget target)
    {
        var key = (target.Address.Family, target.Source);
        if (!_ports.TryGetValue(key, out var port))
        {
            var identifier = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
            _ports.Add(key, port = new(key.Family, target.Source, identifier, loop));
        }

        return port;
    }

    public void Close()
    {
        foreach (var port in _ports.Values)
        {
            port.Close();
        }

        _ports.Clear();
    }
}
