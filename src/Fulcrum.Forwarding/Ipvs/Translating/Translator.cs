using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Draining;
using Fulcrum.Forwarding.Ipvs.Kernel;
using Fulcrum.Linux.Ipvs;
using Fulcrum.Linux.Sockets;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Forward = Fulcrum.Model.Services.Forwarding;

namespace Fulcrum.Forwarding.Ipvs.Translating;

/// <summary>
/// Says a service in the kernel's words. A listener of one address and port is a service of the table; one of several
/// ports or all, and listeners that belong together, are known by a firewall mark, which packets get as they come in.
/// Each backend that checks reach by the plane has a service of its own, known by the mark of its probes.
/// </summary>
/// <param name="source">The service.</param>
/// <param name="templatesExpire">
/// The kernel forgets clients that it remembers for a server without weight (<see cref="Translation.TemplatesExpire"/>).
/// </param>
internal sealed class Translator(PlaneService source, bool templatesExpire, DrainClock drains, DateTimeOffset now)
{
    private readonly List<KernelService> _services = [];
    private readonly List<Problem> _problems = [];
    private readonly HashSet<IpvsServiceKey> _probes = [];
    private DateTimeOffset? _wakeAt;

    public TranslatedService Translate()
    {
        if (source.Mark is { } mark)
        {
            TranslateTogether((uint)mark);
        }
        else
        {
            for (var i = 0; i < source.Listeners.Count; i++)
            {
                Translate(source.Listeners[i], i);
            }
        }

        for (var i = 0; i < source.Listeners.Count; i++)
        {
            AddProbes(source.Listeners[i], i);
        }

        return new()
        {
            Source = source,
            Services = Items.From(_services),
            Problems = Items.From(_problems),
            WakeAt = _wakeAt,
        };
    }

    // Their listeners agree in all that matters here: a domain of balancing has one upstream and one policy.
    private void TranslateTogether(uint mark)
    {
        var first = source.Listeners[0];
        foreach (var family in source.Listeners.SelectMany(FamiliesOf).Distinct())
        {
            Add(first, 0, IpvsServiceKey.Of(family, mark), port: 0, [.. source.Listeners.Select(one => one.Listener)]);
        }
    }

    private void Translate(PlaneListener planned, int index)
    {
        var listener = planned.Listener;
        if (listener.Mark is { } own)
        {
            foreach (var family in FamiliesOf(planned))
            {
                Add(planned, index, IpvsServiceKey.Of(family, own), port: 0);
            }
        }
        else if (listener.OwnAddress is not { } address)
        {
            Refuse(
                index,
                "plane ipvs needs to know the address",
                "an address that the kernel balances: tcp://192.0.2.1:80"
            );
        }
        else if (listener.Ports is { IsSingle: true, First: > 0 } ports)
        {
            var protocol = MarkRules.ProtocolOf(listener.Protocol);
            Add(planned, index, IpvsServiceKey.Of(protocol, address, (ushort)ports.First), (ushort)ports.First);
        }
        else if (planned.Mark is { } mark)
        {
            Add(planned, index, IpvsServiceKey.Of(MarkRules.FamilyOf(address), (uint)mark), port: 0, listener);
        }
        else
        {
            Refuse(index, "there is no firewall mark left for its ports", null);
        }
    }

    /// <param name="marked">Listeners whose packets get the mark that it is known by.</param>
    private void Add(
        PlaneListener planned,
        int index,
        IpvsServiceKey key,
        ushort port,
        params ReadOnlySpan<Listener> marked
    )
    {
        var destination = planned.Destinations[0];
        var (balance, persist) = (destination.Balance, destination.Persist);
        if (Schedulers.NameOf(balance.Algorithm) is not { } scheduler)
        {
            Refuse(index, $"the kernel does not balance by {balance.Algorithm}", null);
            return;
        }

        var flags = Schedulers.FlagsOf(balance);
        flags |= persist is not null ? IpvsServiceFlags.Persistent : IpvsServiceFlags.None;
        flags |= source.Sessions.OnePacket ? IpvsServiceFlags.OnePacket : IpvsServiceFlags.None;
        var isIpv4 = key.Family == SocketFamily.IPv4;
        var sources = new SourceRules(key, planned.Listener, marked);
        var servers = new Dictionary<IPEndPoint, IpvsDestination>();
        var names = new List<(IPEndPoint, string)>();
        foreach (var (backend, rank) in Reachable(destination, key.Family).Select((backend, rank) => (backend, rank)))
        {
            if (WeightOf(backend, destination, planned.Listener, rank) is { } weight)
            {
                var server = Server(destination, backend, port, weight);
                var endpoint = KernelState.EndpointOf(server);
                if (servers.TryAdd(endpoint, server))
                {
                    names.Add((endpoint, backend.Id));
                    sources.Add(destination, backend, server);
                }
            }
        }

        _services.Add(
            new(
                OwnerOf(index),
                new()
                {
                    Key = key,
                    Scheduler = scheduler,
                    Flags = flags,
                    Timeout = persist is null ? TimeSpan.Zero : WholeSeconds(persist.Timeout),
                    PersistencePrefix =
                        persist is null ? (isIpv4 ? 32 : 128)
                        : isIpv4 ? persist.MaskIpv4
                        : persist.MaskIpv6,
                    PersistenceEngine = persist?.By == ClientIdentity.SipCallId ? "sip" : null,
                },
                servers
            )
            {
                Role = new(source.Name, destination.Upstream.Name, Items.From(names)),
                Marks = MarkRules.Of(key, marked),
                Sources = Items.From(sources.All),
            }
        );
        if (sources.Problem is { } problem)
        {
            Refuse(index, problem, "one address, or several in a row");
        }
    }

    private void AddProbes(PlaneListener planned, int index)
    {
        if (planned.Listener.OwnAddress is not { } address)
        {
            return;
        }

        var destination = planned.Destinations[0];
        foreach (var backend in Reachable(destination, MarkRules.FamilyOf(address)))
        {
            if (
                backend.ProbeMark is { } mark
                && IpvsServiceKey.Of(MarkRules.FamilyOf(address), (uint)mark) is var key
                && _probes.Add(key)
            )
            {
                var server = Server(destination, backend, port: 0, weight: 1) with
                {
                    UpperThreshold = 0,
                    LowerThreshold = 0,
                };
                _services.Add(
                    new(
                        OwnerOf(index),
                        new()
                        {
                            Key = key,
                            Scheduler = "rr",
                            PersistencePrefix = key.Family == SocketFamily.IPv4 ? 32 : 128,
                        },
                        new Dictionary<IPEndPoint, IpvsDestination> { [KernelState.EndpointOf(server)] = server }
                    )
                );
            }
        }
    }

    // Those of the other family get what is sent to this one only when there are no others: only tunnels lead there.
    private static IEnumerable<PlaneBackend> Reachable(PlaneDestination destination, SocketFamily family)
    {
        var own = destination.Upstream.Backends.Where(backend =>
            backend.Address is { } address && MarkRules.FamilyOf(address) == family
        );
        return destination.Forward == Forward.Tunnel && !own.Any()
            ? destination.Upstream.Backends.Where(backend => backend.Address is not null)
            : own;
    }

    /// <summary>Null: it has no place in the table.</summary>
    private uint? WeightOf(PlaneBackend backend, PlaneDestination destination, Listener listener, int rank)
    {
        if (backend.Duty == BackendDuty.Serve)
        {
            // "First" is a failover by weight: who was written first has most.
            return destination.Balance.Algorithm == BalanceAlgorithm.First && backend.Weight > 0
                ? (uint)Math.Max(1, 65535 - rank)
                : (uint)backend.Weight;
        }

        if (backend.Duty == BackendDuty.Drain)
        {
            var until =
                backend.DrainUntil ?? drains.DeadlineOf(source.Name, backend.Id, source.Sessions.Drain.Deadline, now);
            if (until <= now)
            {
                return null;
            }

            _wakeAt = until < _wakeAt ? until : _wakeAt ?? until;
        }

        // A flow of datagrams never ends, and a client that is remembered comes back: without a place it goes to another.
        var staysBehind =
            backend.Duty == BackendDuty.Rest
            && (listener.HearsDatagrams || (destination.Persist is not null && !templatesExpire));
        return staysBehind ? null : 0;
    }

    private static IpvsDestination Server(PlaneDestination destination, PlaneBackend backend, ushort port, uint weight)
    {
        var tunnel = (backend.Connect ?? destination.Upstream.Connect).Tunnel ?? new Tunnel();
        var isTunnel = destination.Forward == Forward.Tunnel;
        return new()
        {
            Address = backend.Address!,
            Port = destination.Forward == Forward.Nat ? (ushort)(backend.Port ?? port) : port,
            Forwarding = destination.Forward switch
            {
                Forward.Dsr => IpvsForwarding.DirectRoute,
                Forward.Tunnel => IpvsForwarding.Tunnel,
                _ => IpvsForwarding.Masquerade,
            },
            Weight = weight,
            UpperThreshold = (uint)(backend.MaxConnections ?? 0),
            LowerThreshold = (uint)(backend.ResumeConnections ?? 0),
            Tunnel = !isTunnel ? IpvsTunnel.IpInIp : TunnelOf(tunnel.Kind),
            TunnelPort = (ushort)(isTunnel && tunnel.Kind == TunnelKind.Gue ? tunnel.Port : 0),
            TunnelFlags =
                isTunnel && tunnel is { Kind: not TunnelKind.Ipip, Checksum: true }
                    ? IpvsTunnelFlags.Checksum
                    : IpvsTunnelFlags.None,
        };
    }

    private static IpvsTunnel TunnelOf(TunnelKind kind) =>
        kind switch
        {
            TunnelKind.Gre => IpvsTunnel.Gre,
            TunnelKind.Gue => IpvsTunnel.Gue,
            _ => IpvsTunnel.IpInIp,
        };

    // A mark says nothing of the family: there is one for each that backends have.
    private static IEnumerable<SocketFamily> FamiliesOf(PlaneListener planned) =>
        planned.Listener.OwnAddress is { } address
            ? [MarkRules.FamilyOf(address)]
            : planned
                .Upstream.Backends.Select(backend => backend.Address)
                .OfType<IPAddress>()
                .Select(MarkRules.FamilyOf)
                .Distinct();

    private static TimeSpan WholeSeconds(TimeSpan time) => TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds));

    private string OwnerOf(int index) => $"services.{source.Name}.listen[{index}]";

    private void Refuse(int index, string message, string? expected) =>
        _problems.Add(
            new()
            {
                Path = OwnerOf(index),
                Message = message,
                Expected = expected,
            }
        );
}
