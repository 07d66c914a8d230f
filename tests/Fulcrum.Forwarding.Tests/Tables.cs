using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Forward = Fulcrum.Model.Services.Forwarding;

namespace Fulcrum.Forwarding.Tests;

/// <summary>Tables as the engine would tell them.</summary>
internal static class Tables
{
    public static PlaneTable Of(params PlaneService[] services) =>
        PlaneTable.Empty with
        {
            Services = services.Aggregate(
                Map<string, PlaneService>.Empty,
                (map, service) => map.With(service.Name, service)
            ),
        };

    public static PlaneService Service(string name, params PlaneListener[] listeners) =>
        new()
        {
            Name = name,
            Listeners = Items.From(listeners),
            Sessions = SessionOptions.Default,
            Client = ClientRules.None,
        };

    /// <param name="at">As <c>tcp 192.0.2.1 80</c> or <c>udp 192.0.2.1 100-200</c>.</param>
    public static PlaneListener Listener(
        string at,
        Forward forward,
        BalanceAlgorithm algorithm,
        params PlaneBackend[] backends
    ) => Listener(at, forward, new Balance { Algorithm = algorithm }, null, backends);

    public static PlaneListener Listener(
        string at,
        Forward forward,
        Balance balance,
        Persistence? persist,
        params PlaneBackend[] backends
    )
    {
        var words = at.Split(' ');
        var ports = words[2].Split('-').Select(int.Parse).ToList();
        return new()
        {
            Listener = new()
            {
                Protocol = Enum.Parse<ListenerProtocol>(words[0], ignoreCase: true),
                Address = IPAddress.Parse(words[1]),
                Ports = new(ports[0], ports[^1]),
            },
            Destinations = [new(balance, Upstream(backends), persist) { Forward = forward }],
        };
    }

    public static PlaneUpstream Upstream(params PlaneBackend[] backends) =>
        new()
        {
            Name = "pool",
            Backends = Items.From(backends),
            ConnectTimeout = TimeSpan.FromSeconds(1),
            ConnectRetries = 0,
        };

    public static PlaneBackend Backend(
        string address,
        int? port = null,
        int weight = 1,
        BackendDuty duty = BackendDuty.Serve
    ) =>
        new()
        {
            Id = address,
            Address = IPAddress.Parse(address),
            Port = port,
            Weight = weight,
            Duty = duty,
        };
}
