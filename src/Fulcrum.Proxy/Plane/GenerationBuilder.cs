using System.Globalization;
using Fulcrum.Engine.Ports;
using Fulcrum.Linux;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Services;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Securing;
using Fulcrum.Proxy.Sessions;
using Fulcrum.Tls;

namespace Fulcrum.Proxy.Plane;

/// <summary>
/// Makes a generation out of a table and the generation before it: looks at the services that differ, and at those
/// where something fades, and takes over all others as they are. What cannot be had becomes a problem of its listener.
/// </summary>
internal sealed class GenerationBuilder(ProxyPlaneOptions options, Generation previous, TlsShelves shelves)
{
    /// <summary>A port range is so many sockets on every loop; more is a job for a plane in the kernel.</summary>
    private readonly PlanBuilder _plans = new(shelves.Backends);
    private readonly BindingBuilder _bindings = new(options, previous);
    private readonly List<Problem> _problems = [];

    public IReadOnlyList<Problem> Problems => _problems;

    public Generation Build(PlaneTable table)
    {
        var changes = table.Services.ChangesSince(previous.Table);
        foreach (var change in changes)
        {
            // First of all: what one service gives up, another may want.
            Release(previous.Services[change.Key], change.After);
        }
        var (services, fading) = (previous.Services, previous.Fading);
        // By name, so that it is not chance who gets an address that two new ones want.
        foreach (
            var name in changes
                .Select(change => change.Key)
                .Union(previous.Fading.Keys, StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        )
        {
            var service = table.Services[name];
            var former = services[name];
            var entry =
                service is null ? former?.Retired()
                : ReferenceEquals(service, previous.Table[name]) ? former!
                : BuildService(service, former ?? new ServiceEntry(new ServiceState(name, options.Loops)));
            services = entry is null ? services.Without(name) : services.With(name, entry);
            fading =
                entry is null || (service is not null && entry.Fading.IsEmpty)
                    ? fading.Without(name)
                    : fading.With(name, entry);
        }
        return new Generation
        {
            Number = table.Generation,
            Table = table.Services,
            Services = services,
            Fading = fading,
            Bindings = _bindings.Bindings,
            Closing = _bindings.Closing,
        };
    }

    /// <summary>Closes what was bound, when the generation is not wanted after all.</summary>
    public void Abandon() => _bindings.Abandon();

    private void Release(ServiceEntry? former, PlaneService? service)
    {
        var wanted = service?.Listeners.SelectMany(listener => BindingKey.Of(listener.Listener)).ToHashSet() ?? [];
        foreach (var key in former?.Bindings.Where(key => !wanted.Contains(key)) ?? [])
        {
            _bindings.Release(key);
        }
    }

    private ServiceEntry BuildService(PlaneService service, ServiceEntry former)
    {
        var backends = new Dictionary<BackendKey, BackendEntry>();
        var bindings = new List<BindingKey>();
        var tables = ServiceTables.For(service, former.Tables);
        for (var index = 0; index < service.Listeners.Count; index++)
        {
            DescribeBackends(service, index, former, backends);
            BindListener(service, index, former.State, tables, backends, bindings);
        }
        var kept = former.Backends;
        foreach (var key in former.Backends.Keys.Where(key => !backends.ContainsKey(key)))
        {
            kept = kept.Without(key);
        }
        foreach (var (key, entry) in backends)
        {
            kept = entry == kept[key] ? kept : kept.With(key, entry);
        }
        return (former with { DrainDeadline = service.Sessions.Drain.Deadline }).With(kept) with
        {
            Bindings = bindings,
            Tables = tables,
        };
    }

    private void DescribeBackends(
        PlaneService service,
        int index,
        ServiceEntry former,
        Dictionary<BackendKey, BackendEntry> backends
    )
    {
        foreach (var upstream in service.Listeners[index].Destinations.Select(destination => destination.Upstream))
        {
            var room = upstream.Queue is null ? null : former.State.RoomFor(upstream.Name);
            if (upstream.RetryBudget is not null)
            {
                former.State.CountRetries();
            }
            foreach (var backend in upstream.Backends)
            {
                if (BackendKey.Of(upstream.Name, backend) is { } key)
                {
                    var other = backends.GetValueOrDefault(key);
                    // Listeners with checks of their own judge it differently: it works for whom it serves.
                    var described = other?.Backend is { } twin && twin.Duty < backend.Duty ? twin : backend;
                    var state = other?.State ?? former.Find(key) ?? new ServiceBackend(key, options.Loops);
                    state.Room ??= room;
                    backends[key] = new BackendEntry(
                        state,
                        described,
                        upstream.EjectBelow,
                        service.Sessions.Drain.Deadline
                    );
                }
            }
        }
    }

    private void BindListener(
        PlaneService service,
        int index,
        ServiceState state,
        ServiceTables tables,
        Dictionary<BackendKey, BackendEntry> backends,
        List<BindingKey> bindings
    )
    {
        var planeListener = service.Listeners[index];
        var listener = planeListener.Listener;
        var path = string.Create(CultureInfo.InvariantCulture, $"services.{service.Name}.listen[{index}]");
        if (Unsupported(listener) is { } reason)
        {
            _problems.Add(new Problem { Path = path, Message = reason });
            return;
        }
        var source = PlanSource.Of(service, index);
        if (PlanOf(service, planeListener, source, state, tables, backends) is not { } plan)
        {
            return;
        }
        if (SocketTrial.Problem(listener, plan) is { } refused)
        {
            _problems.Add(refused with { Path = path });
            return;
        }
        foreach (var key in BindingKey.Of(listener))
        {
            try
            {
                if (!_bindings.TryBind(key, plan, source))
                {
                    var owner = _bindings.Bindings[key]!.Plan.Service.Name;
                    _problems.Add(new Problem { Path = path, Message = $"{listener} is taken by service '{owner}'" });
                    return;
                }
                bindings.Add(key);
            }
            catch (LinuxException exception)
                when (listener.Address is null && exception.Error == Errno.FamilyNotSupported)
            {
                // Every address of a machine without IPv6 is an IPv4 address.
            }
            catch (LinuxException exception)
            {
                _problems.Add(
                    new Problem
                    {
                        Path = path,
                        Message = exception.Message,
                        Expected = Expected(exception.Error, listener),
                    }
                );
                return;
            }
        }
    }

    /// <summary>Null after telling what of its TLS cannot be had.</summary>
    private ListenerPlan? PlanOf(
        PlaneService service,
        PlaneListener listener,
        PlanSource source,
        ServiceState state,
        ServiceTables tables,
        Dictionary<BackendKey, BackendEntry> backends
    )
    {
        if (FormerPlan(listener.Listener, source, state) is { } former)
        {
            return former;
        }
        ListenerTls? tls = null;
        try
        {
            tls = listener.Listener.Protocol == ListenerProtocol.Tls ? shelves.Certificates.For(service.Tls!) : null;
        }
        catch (TlsException exception)
        {
            _problems.Add(new Problem { Path = $"services.{service.Name}.tls", Message = exception.Message });
            return null;
        }
        try
        {
            return _plans.Build(service, listener, state, tables, backends, tls);
        }
        catch (TlsException exception)
        {
            _problems.Add(
                new Problem { Path = $"services.{service.Name}", Message = $"connect.tls: {exception.Message}" }
            );
            return null;
        }
    }

    private string? Unsupported(Listener listener) =>
        !IsCarried(listener.Protocol) ? $"the proxy plane does not carry {listener}"
        : listener.Peer is not null && listener.Protocol != ListenerProtocol.Udp
            ? "the proxy plane serves a single peer over UDP only"
        : listener.IsWide
            ? options.Wide is { } wide ? wide.WhyNot()
                : $"nobody leads to the proxy plane what is for {listener}"
        : listener.Ports.Last - listener.Ports.First >= Listener.MostPorts
            ? $"the proxy plane carries at most {Listener.MostPorts} ports of a listener that has no address"
        : null;

    private static bool IsCarried(ListenerProtocol protocol) =>
        protocol
            is ListenerProtocol.Tcp
                or ListenerProtocol.Tls
                or ListenerProtocol.Udp
                or ListenerProtocol.Unix
                or ListenerProtocol.UnixDatagram
                or ListenerProtocol.UnixSeqpacket;

    private static string? Expected(Errno error, Listener listener) =>
        (error, listener.Path) switch
        {
            (Errno.AccessDenied, null) => "a port above 1023, or root, or the capability CAP_NET_BIND_SERVICE",
            (Errno.AddressInUse, null) => "an address and port that no other process listens on",
            (Errno.AccessDenied, _) => "a folder that the daemon may write to",
            (Errno.AddressInUse, _) => "a path that no other process listens on",
            (Errno.NotFound, _) => "a folder that is there",
            (Errno.Exists, _) => "a path where nothing is, or a socket that nobody listens on",
            _ => null,
        };

    private ListenerPlan? FormerPlan(Listener listener, PlanSource source, ServiceState state) =>
        previous.Bindings[BindingKey.Of(listener).First()] is { } former
        && former.Source.IsSameAs(source)
        && ReferenceEquals(former.Plan.Service, state)
            ? former.Plan
            : null;
}
