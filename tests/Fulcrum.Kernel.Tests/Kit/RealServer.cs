using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Kernel.Tests.Kit;

/// <summary>
/// A machine whose servers tell its name: to an HTTP request, a datagram, or a message of SCTP. They listen at each of
/// its addresses by itself, so that an answer comes from the address that was asked.
/// </summary>
internal sealed class RealServer : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _servers = [];
    private readonly ConcurrentQueue<IPEndPoint> _clients = new();

    public RealServer(string name, Host host, bool isBehind)
    {
        Name = name;
        Host = host;
        IsBehind = isBehind;
    }

    public string Name { get; }

    public Host Host { get; }

    /// <summary>What it sends goes by way of the director.</summary>
    public bool IsBehind { get; }

    /// <summary>Whom it saw over HTTP, one for each connection.</summary>
    public IReadOnlyCollection<IPEndPoint> Clients => _clients;

    /// <summary>Its address on the servers' network.</summary>
    public IPAddress Address(bool isSix) => isSix ? Host.Address6 : Host.Address;

    public void ServeHttp(params ReadOnlySpan<ushort> ports) =>
        Each(ports, at => TcpServer.Start(Host.Namespace, at, Http));

    /// <summary>What <see cref="Download"/> takes.</summary>
    public void ServeDownloads(params ReadOnlySpan<ushort> ports) =>
        Each(ports, at => TcpServer.Start(Host.Namespace, at, Download.Serve));

    public void ServeUdp(params ReadOnlySpan<ushort> ports) =>
        Each(ports, at => new DatagramServer(Host.Namespace, at, _ => Name));

    public void ServeSctp(params ReadOnlySpan<ushort> ports) =>
        Each(ports, at => TcpServer.StartOn(Host.Namespace.OpenSctpSocket(at.AddressFamily), at, Messages));

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private void Each(ReadOnlySpan<ushort> ports, Func<IPEndPoint, IAsyncDisposable> start)
    {
        IPAddress[] addresses = IsBehind
            ? [Host.Address, Host.Address6]
            : [Host.Address, Host.Address6, Lab.Vip, Lab.Vip6];
        foreach (var port in ports)
        {
            foreach (var address in addresses)
            {
                _servers.Add(start(new IPEndPoint(address, port)));
            }
        }
    }

    /// <summary>HTTP/1.1 as far as a request without a body needs it; the connection stays.</summary>
    private async Task Http(Socket socket)
    {
        _clients.Enqueue((IPEndPoint)socket.RemoteEndPoint!);
        var answer = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {Name.Length}\r\n\r\n{Name}");
        var buffer = new byte[4096];
        var filled = 0;
        while (await socket.ReceiveAsync(buffer.AsMemory(filled)) is > 0 and var read)
        {
            filled += read;
            if (buffer.AsSpan(0, filled).EndsWith("\r\n\r\n"u8))
            {
                filled = 0;
                await socket.SendAsync(answer);
            }
        }
    }

    private async Task Messages(Socket socket)
    {
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer) > 0)
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(Name));
        }
    }
}
