namespace Fulcrum.Model.Services;

/// <summary>What clients speak to a listener. The written form is the scheme of the listener's address.</summary>
public enum ListenerProtocol
{
    Tcp,
    Udp,
    Sctp,
    Tls,
    Http,
    Https,
    WebSocket,
    JsonSocket,

    /// <summary>A stream socket in the file system: <c>unix:/run/app.sock</c>.</summary>
    Unix,
    UnixDatagram,
    UnixSeqpacket,

    /// <summary>Packets that carry a firewall mark: <c>mark://256</c>.</summary>
    Mark,

    /// <summary>Every protocol over IP: <c>ip://192.0.2.1</c>.</summary>
    Ip,
}
