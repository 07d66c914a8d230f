namespace Fulcrum.Model.Upstreams;

/// <summary>What there is to know of ways to connect.</summary>
public static class ConnectProtocols
{
    /// <summary>Backends are connected to, whatever the listener hears; false: they are sent datagrams, or it depends.</summary>
    public static bool IsConnection(this ConnectProtocol protocol) =>
        protocol is not (ConnectProtocol.Same or ConnectProtocol.Udp or ConnectProtocol.UnixDatagram);
}
