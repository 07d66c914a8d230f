using System.Net;
using Fulcrum.Model;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Tests;

/// <summary>Small configurations to decide about.</summary>
internal static class Snapshots
{
    public static Check TcpCheck { get; } = new() { Probe = new TcpProbe() };

    public static Backend Backend(string address, int? port = 80) =>
        new() { Address = HostAddress.Of(IPAddress.Parse(address)), Port = port };

    public static Listener Tcp(int port) =>
        new()
        {
            Protocol = ListenerProtocol.Tcp,
            Address = IPAddress.Loopback,
            Ports = PortRange.Of(port),
        };

    /// <summary>One service on tcp://127.0.0.1:8080 over these backends, each checked by connecting.</summary>
    public static Snapshot Web(params Backend[] backends) => Web(new Policy { Checks = [TcpCheck] }, backends);

    public static Snapshot Web(Policy policy, params Backend[] backends) =>
        Snapshot.Empty with
        {
            Upstreams = Named<Upstream>.From([
                new()
                {
                    Name = "web",
                    Backends = Items.From(backends),
                    Policy = policy,
                },
            ]),
            Services = Named<Service>.From([
                new()
                {
                    Name = "web",
                    Listeners = [Tcp(8080)],
                    Upstream = "web",
                },
            ]),
        };
}
