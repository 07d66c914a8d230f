using System.Net.Sockets;
using Fulcrum.Linux;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Sockets;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.Proxy.Securing;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Proxy.Routing;

/// <summary>How a backend is connected to, ready for use. Immutable.</summary>
internal sealed class ConnectPlan
{
    private readonly SocketAddress[] _sourcesIPv4;
    private readonly SocketAddress[] _sourcesIPv6;
    private readonly int _ports;
    private int _turn;

    /// <param name="options">What is written of it, all laid over each other.</param>
    /// <param name="same">What leads to a backend that is spoken to as clients speak.</param>
    public ConnectPlan(ConnectOptions options, ConnectMeans same = ConnectMeans.Stream)
    {
        Means = options.Protocol switch
        {
            ConnectProtocol.UnixSeqpacket => ConnectMeans.Messages,
            ConnectProtocol.Udp or ConnectProtocol.UnixDatagram => ConnectMeans.Datagrams,
            ConnectProtocol.Pipe => ConnectMeans.Pipe,
            ConnectProtocol.Exec => ConnectMeans.Program,
            null or ConnectProtocol.Same => same,
            _ => ConnectMeans.Stream,
        };
        IsFramed = options.Framing == Framing.Length;
        Arguments = options.Arguments;
        IsTransparent = options.Transparent ?? false;
        Tuning =
            options.Socket == SocketTuning.Unset && !IsTransparent
                ? TuningPlan.Plain
                : new(options.Socket, IsTransparent);
        _sourcesIPv4 = SourcesOf(options, AddressFamily.InterNetwork);
        _sourcesIPv6 = SourcesOf(options, AddressFamily.InterNetworkV6);
        Ports = options.SourcePorts;
        _ports = options.SourcePorts is { } ports ? ports.First | (ports.Last << 16) : 0;
        Header = options.ProxyProtocol is { Version: not ProxyProtocolVersion.Off } header ? header : null;
    }

    /// <summary>What it is that is connected to.</summary>
    public ConnectMeans Means { get; }

    /// <summary>Where bytes become messages, or messages bytes, their length stands before them.</summary>
    public bool IsFramed { get; }

    /// <summary>What a program is given.</summary>
    public Items<string> Arguments { get; }

    /// <summary>The ports that connections come from, which takes Linux 6.3; null: any.</summary>
    public PortRange? Ports { get; }

    /// <summary>Nothing special.</summary>
    public static ConnectPlan Plain { get; } = new(ConnectOptions.Unset);

    /// <summary>What its sockets are told.</summary>
    public TuningPlan Tuning { get; }

    /// <summary>Connections come from the client's own address.</summary>
    public bool IsTransparent { get; }

    /// <summary>How TLS is spoken to the backend; null: it is not.</summary>
    public BackendTls? Tls { get; init; }

    /// <summary>What tells the backend who the client is; null: nothing does.</summary>
    public ProxyHeaderSpec? Header { get; }

    /// <summary>
    /// A socket that is ready to be connected to <paramref name="target"/>, or a negative errno.
    /// </summary>
    public int Open(SocketKind kind, in SocketAddress target, in SocketAddress client)
    {
        var descriptor = SocketCalls.Open(target.Family, kind);
        if (descriptor < 0 || (target.Family == SocketFamily.Unix && kind != SocketKind.Datagram))
        {
            return descriptor;
        }
        int result;
        if (target.Family == SocketFamily.Unix)
        {
            // Without a name of its own nobody could answer it.
            result = SocketCalls.Bind(descriptor, SocketAddress.AnyUnix);
        }
        else
        {
            result = Tuning.Apply(descriptor, kind, target.Family);
            result = result < 0 ? result : BindSource(descriptor, target.Family, client);
        }
        if (result < 0)
        {
            _ = SocketCalls.Close(descriptor);
            return result;
        }
        return descriptor;
    }

    /// <summary>The socket that it takes to come there.</summary>
    public SocketKind KindTo(in SocketAddress target) =>
        Means switch
        {
            ConnectMeans.Datagrams => SocketKind.Datagram,
            // TCP, which speaks the same as far as it goes.
            ConnectMeans.Messages when target.Family == SocketFamily.Unix => SocketKind.SequencedPacket,
            _ => SocketKind.Stream,
        };

    /// <summary>Whether it is this machine that failed, out of ports or memory: that says nothing about the backend.</summary>
    /// <param name="result">Of connect(2).</param>
    public static bool IsOwnShortage(int result) =>
        (Errno)(-result) is Errno.AddressNotAvailable or Errno.NoBufferSpace or Errno.OutOfMemory;

    private static SocketAddress[] SourcesOf(ConnectOptions options, AddressFamily family) =>
        [.. options.Source.Where(address => address.AddressFamily == family).Select(one => SocketAddress.From(one, 0))];

    private int BindSource(int descriptor, SocketFamily family, in SocketAddress client)
    {
        var result = _ports == 0 ? 0 : SocketCalls.Set(descriptor, SocketOption.LocalPortRange, _ports);
        if (result < 0)
        {
            return result;
        }
        if (IsTransparent)
        {
            return client.Family != family ? -(int)Errno.AddressNotAvailable : Bind(descriptor, client.WithPort(0));
        }
        var sources = family == SocketFamily.IPv6 ? _sourcesIPv6 : _sourcesIPv4;
        return sources.Length == 0 ? 0 : Bind(descriptor, sources[NextTurn(sources.Length)]);
    }

    // The port is chosen by connect(2), which knows the target: so many connections to each target as there are ports,
    // and not so many in all (ip(7), IP_BIND_ADDRESS_NO_PORT).
    private static int Bind(int descriptor, in SocketAddress source)
    {
        var result = SocketCalls.Set(descriptor, SocketOption.BindWithoutPort, 1);
        return result < 0 ? result : SocketCalls.Bind(descriptor, source);
    }

    // Loops share the plan; whose turn it is matters to nobody exactly.
    private int NextTurn(int count) => count == 1 ? 0 : (int)((uint)_turn++ % (uint)count);
}
