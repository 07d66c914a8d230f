using System.Net;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Namespace.Tests.Xdp;

/// <summary>A machine that tells its name by HTTP and by datagrams, at its own addresses and at those of services.</summary>
internal sealed class XdpServer(string name, Host host) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _servers = [];

    public string Name => name;

    public Host Host => host;

    public IPAddress Address(bool isSix) => isSix ? Host.Address6 : Host.Address;

    public async Task ServeAsync(ushort port, params IPAddress[] addresses)
    {
        foreach (var address in addresses)
        {
            _servers.Add(await NginxPeer.StartBackend(Host.Namespace, new(address, port), name));
            _servers.Add(new DatagramServer(Host.Namespace, new(address, port), _ => name));
        }
    }

    /// <summary>Ends what listens, with what it has.</summary>
    public async Task StopAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _servers.Clear();
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
