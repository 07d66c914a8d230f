using Fulcrum.Engine.Routing;
using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Securing;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.AccessLogs;

/// <summary>One session that has ended. Of fixed size: it refers to what is there anyway.</summary>
internal struct AccessRecord
{
    /// <summary>What the session began with.</summary>
    public ListenerPlan Plan;

    /// <summary>The last one; null: it never had one.</summary>
    public ServiceBackend? Backend;

    public SocketAddress Client;
    public long BytesIn;
    public long BytesOut;

    /// <summary>The loop's time, in microseconds.</summary>
    public long Ended;

    /// <summary>Microseconds.</summary>
    public long Duration;

    /// <summary>Microseconds until its backend had taken it; -1: none did, or there is nothing to take.</summary>
    public long Connect;

    public SessionEnd End;

    /// <summary>What is known of it, the record's alone by now; null: nobody asked.</summary>
    public Metadata? Metadata;

    /// <summary>What its TLS hello asked for; null: nothing, or it was not read.</summary>
    public string? ServerName;

    /// <summary>The application protocols that its TLS hello offered, with commas between; null: as above.</summary>
    public string? Protocols;

    /// <summary>What was agreed on with it; null: its TLS has not ended here.</summary>
    public ClientTls? Tls;
}
