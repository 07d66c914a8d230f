using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Ipvs.Kernel;
using Fulcrum.Forwarding.Ipvs.Translating;
using Fulcrum.Linux.Ipvs;
using Fulcrum.Model.Values;

namespace Fulcrum.Forwarding.Ipvs;

/// <summary>
/// The kernel's counters as those of services and backends. They are the table's, and so older than this process where
/// that found its services there.
/// </summary>
internal static class Sampling
{
    public static PlaneObservation Of(Translation translation, KernelState state)
    {
        var services = new List<ObservedService>();
        foreach (
            var group in translation
                .Services.Values.Where(one => one.Role is not null)
                .GroupBy(one => one.Role!.Service)
        )
        {
            var sum = default(SessionCounters);
            var backends = new Dictionary<(string Upstream, string Id), SessionCounters>();
            foreach (var service in group)
            {
                if (state.Find(service.Key) is not { } entry)
                {
                    continue;
                }

                sum += CountersOf(entry.Service.Counters, entry.Servers.Values);
                foreach (var (endpoint, id) in service.Role!.Backends)
                {
                    if (entry.Servers.TryGetValue(endpoint, out var server))
                    {
                        var key = (service.Role.Upstream, id);
                        backends[key] = backends.GetValueOrDefault(key) + CountersOf(server.Counters, [server]);
                    }
                }
            }

            services.Add(
                new(
                    group.Key,
                    sum,
                    Items.From(backends.Select(pair => new ObservedBackend(pair.Key.Upstream, pair.Key.Id, pair.Value)))
                )
            );
        }

        return new(translation.Table.Generation, Items.From(services));
    }

    private static SessionCounters CountersOf(IpvsCounters counters, IEnumerable<IpvsDestination> servers)
    {
        var (active, inactive) = (0L, 0L);
        foreach (var server in servers)
        {
            active += server.Connections.Active;
            inactive += server.Connections.Inactive;
        }

        return new()
        {
            Active = active,
            Inactive = inactive,
            Total = (long)counters.Connections,
            BytesIn = (long)counters.IncomingBytes,
            BytesOut = (long)counters.OutgoingBytes,
            PacketsIn = (long)counters.IncomingPackets,
            PacketsOut = (long)counters.OutgoingPackets,
        };
    }
}
