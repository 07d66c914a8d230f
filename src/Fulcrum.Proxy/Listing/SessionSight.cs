using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Listing;

/// <summary>What a loop copies of a session that is asked for. Texts are made of it elsewhere.</summary>
internal struct SessionSight
{
    public int Place;
    public long Sequence;

    /// <summary>What the session began with.</summary>
    public ListenerPlan Plan;

    /// <summary>Null: it has none at the moment.</summary>
    public ServiceBackend? Backend;

    public SocketAddress Client;
    public bool IsDatagrams;

    /// <summary>Microseconds.</summary>
    public long Age;

    public long BytesIn;
    public long BytesOut;
    public SessionState State;

    public readonly SessionReport ToReport(int loop, DateTimeOffset now)
    {
        var age = TimeSpan.FromMicroseconds(Age);
        return new()
        {
            Id = new(loop, Place, Sequence),
            Service = Plan.Service.Name,
            Listener = Plan.Listener,
            Protocol =
                Plan.Listener.StartsWith("unix", StringComparison.Ordinal)
                    ? Plan.Listener[..Plan.Listener.IndexOf(':', StringComparison.Ordinal)]
                : IsDatagrams ? "udp"
                : "tcp",
            Client = Client.Family == SocketFamily.Unix ? "unix" : Client.ToString(),
            Upstream = Backend?.Key.Upstream,
            Backend = Backend?.Key.Id,
            Began = now - age,
            Age = age,
            BytesIn = BytesIn,
            BytesOut = BytesOut,
            State = State,
        };
    }
}
