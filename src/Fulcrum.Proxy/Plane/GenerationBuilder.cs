using System.Globalization;
using System.Net;
using Fulcrum.Engine.Admission;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Selecting;
using Fulcrum.Linux;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops.Sockets;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Services;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Sessions;
using SocketAddress = Fulcrum.Linux.Sockets.SocketAddress;

namespace Fulcrum.Proxy.Plane;

/// <summary>
/// Makes a generation out of a table and the generation before it: binds the addresses that are new, once for each
/// loop, and keeps what did not change. What cannot be had becomes a problem of its listener.
/// </summary>
internal sealed class GenerationBuilder(ProxyPlaneOptions options, Generation previous)
{
    /// <summary>A port range is so many sockets on every loop; more is a job for a plane in the kernel.</summary>
    private const int MaxPorts = 1024;

    private static readonly TimeSpan StreamIdleTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan DatagramIdleTimeout = TimeSpan.FromSeconds(30);

    private readonly Dictionary<BindingKey, Binding> _bindings = [];
    private readonly List<Problem> _problems = [];
    private readonly HashSet<(SocketKind, ushort)> _ports = [];
    private readonly HashSet<(SocketKind, ushort)> _wildcards = [];

    public IReadOnlyList<Problem> Problems => _problems;

    public Generation Build(PlaneTable table)
    {
        foreach (var key in previous.Bindings.Keys)
        {
            Remember(key);
        }
        var services = new Dictionary<string, ServiceEntry>(StringComparer.Ordinal);
        foreach (var service in table.Services.Values)
        {
            services[service.Name] = BuildService(service);
        }
        foreach (var (name, entry) in previous.Services)
        {
            // A service that is gone stays in sight until its last session has ended.
            if (!services.ContainsKey(name) && entry.State.Active > 0)
            {
                services[name] = Retire(entry);
            }
        }
        return new Generation
        {
            Number = table.Generation,
            Bindings = _bindings,
            Services = services,
        };
    }

    /// <summary>Closes what was bound, when the generation is not wanted after all.</summary>
    public void Abandon()
    {
        foreach (var binding in _bindings.Values)
        {
            foreach (var descriptor in binding.Descriptors ?? [])
            {
                _ = SocketCalls.Close(descriptor);
            }
        }
    }

    private ServiceEntry BuildService(PlaneService service)
    {
        var former = previous.Services.GetValueOrDefault(service.Name);
        var state = former?.State ?? new ServiceState(service.Name, options.Loops);
        var deadline = service.Sessions.Drain.Deadline;
        var backends = new Dictionary<BackendKey, BackendEntry>();
        for (var index = 0; index < service.Listeners.Count; index++)
        {
            var listener = service.Listeners[index];
            foreach (var backend in listener.Upstream.Backends)
            {
                if (BackendKey.Of(listener.Upstream.Name, backend) is { } key)
                {
                    var other = backends.GetValueOrDefault(key);
                    var known = other?.State ?? former?.Backends.GetValueOrDefault(key)?.State;
                    // Listeners with checks of their own judge it differently: it works for whom it serves.
                    var described = other?.Backend is { } twin && twin.Duty < backend.Duty ? twin : backend;
                    backends[key] = new BackendEntry(
                        known ?? new ServiceBackend(key, options.Loops),
                        described,
                        deadline
                    );
                }
            }
            BindListener(service, index, state, backends);
        }
        foreach (var (key, entry) in former?.Backends ?? new Dictionary<BackendKey, BackendEntry>())
        {
            if (!backends.ContainsKey(key) && entry.State.Active > 0)
            {
                backends[key] = entry with { Backend = null };
            }
        }
        return new ServiceEntry { State = state, Backends = backends };
    }

    private static ServiceEntry Retire(ServiceEntry entry) =>
        new()
        {
            State = entry.State,
            Backends = entry
                .Backends.Where(pair => pair.Value.State.Active > 0)
                .ToDictionary(pair => pair.Key, pair => pair.Value with { Backend = null }),
        };

    private void BindListener(
        PlaneService service,
        int index,
        ServiceState state,
        Dictionary<BackendKey, BackendEntry> backends
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
        var kind = listener.Protocol == ListenerProtocol.Udp ? SocketKind.Datagram : SocketKind.Stream;
        var source = (planeListener, service.Sessions, service.Client);
        var plan = FormerPlan(listener, kind, source, state) ?? MakePlan(service, planeListener, kind, state, backends);
        foreach (var address in Addresses(listener))
        {
            var key = new BindingKey(kind, address);
            if (_bindings.TryGetValue(key, out var other))
            {
                _problems.Add(
                    new Problem { Path = path, Message = $"{listener} is taken by service '{other.Plan.Service.Name}'" }
                );
                return;
            }
            try
            {
                _bindings[key] = new Binding
                {
                    Key = key,
                    Plan = plan,
                    Descriptors = previous.Bindings.ContainsKey(key) ? null : Open(key),
                    DrainDeadline = service.Sessions.Drain.Deadline,
                    Source = source,
                };
                Remember(key);
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
                        Expected = exception.Error switch
                        {
                            Errno.AccessDenied => "a port above 1023, or root, or the capability CAP_NET_BIND_SERVICE",
                            Errno.AddressInUse => "an address and port that no other process listens on",
                            _ => null,
                        },
                    }
                );
                return;
            }
        }
    }

    private static string? Unsupported(Listener listener) =>
        listener.Protocol is not (ListenerProtocol.Tcp or ListenerProtocol.Udp)
            ? $"the proxy plane does not carry {listener}"
        : listener.Interface is not null ? "the proxy plane does not bind to an interface"
        : listener.Peer is not null ? "the proxy plane does not serve a single peer"
        : listener.Ports.Last - listener.Ports.First >= MaxPorts
            ? $"the proxy plane carries at most {MaxPorts} ports of a listener"
        : null;

    private static IEnumerable<SocketAddress> Addresses(Listener listener)
    {
        IPAddress[] addresses = listener.Address is { } one ? [one] : [IPAddress.Any, IPAddress.IPv6Any];
        for (var port = listener.Ports.First; port <= listener.Ports.Last; port++)
        {
            foreach (var address in addresses)
            {
                yield return SocketAddress.From(address, port);
            }
        }
    }

    private int[] Open(BindingKey key)
    {
        var listen = new ListenOptions { FreeBind = options.FreeBind, ReceiveBuffer = options.UdpReceiveBuffer };
        if (!IsOurs(key))
        {
            ListenerSocket.EnsureFree(key.Address, key.Kind, listen);
        }
        var descriptors = new List<int>(options.Loops);
        try
        {
            for (var loop = 0; loop < options.Loops; loop++)
            {
                descriptors.Add(ListenerSocket.Open(key.Address, key.Kind, listen));
            }
        }
        catch (LinuxException)
        {
            descriptors.ForEach(descriptor => SocketCalls.Close(descriptor));
            throw;
        }
        return [.. descriptors];
    }

    // A wildcard of our own is no stranger to a single address on its port, nor the other way round.
    private bool IsOurs(BindingKey key) =>
        _wildcards.Contains((key.Kind, key.Address.Port))
        || (key.Address.IsWildcard && _ports.Contains((key.Kind, key.Address.Port)));

    private void Remember(BindingKey key)
    {
        _ = _ports.Add((key.Kind, key.Address.Port));
        if (key.Address.IsWildcard)
        {
            _ = _wildcards.Add((key.Kind, key.Address.Port));
        }
    }

    private ListenerPlan? FormerPlan(
        Listener listener,
        SocketKind kind,
        (PlaneListener Listener, SessionOptions Sessions, ClientRules Client) source,
        ServiceState state
    )
    {
        var key = new BindingKey(kind, Addresses(listener).First());
        return
            previous.Bindings.TryGetValue(key, out var former)
            && ReferenceEquals(former.Source.Listener, source.Listener)
            && ReferenceEquals(former.Source.Sessions, source.Sessions)
            && ReferenceEquals(former.Source.Client, source.Client)
            && ReferenceEquals(former.Plan.Service, state)
            ? former.Plan
            : null;
    }

    private static ListenerPlan MakePlan(
        PlaneService service,
        PlaneListener listener,
        SocketKind kind,
        ServiceState state,
        Dictionary<BackendKey, BackendEntry> backends
    )
    {
        var upstream = listener.Upstream;
        var selection = Selection.Of(upstream, listener.Balance);
        var candidates = selection.Candidates.Select(backend =>
            backends[BackendKey.Of(upstream.Name, backend)!.Value].State
        );
        var idle =
            service.Sessions.IdleTimeout ?? (kind == SocketKind.Stream ? StreamIdleTimeout : DatagramIdleTimeout);
        return new ListenerPlan
        {
            Service = state,
            Balancer = selection.Balancer,
            Candidates = [.. candidates],
            Access = new AccessRules(service.Client),
            Hash = listener.Balance.Hash,
            MaxConnections = service.Client.MaxConnections ?? int.MaxValue,
            Attempts = Math.Clamp(upstream.ConnectRetries + 1, 1, ListenerPlan.MaxAttempts),
            ConnectTimeout = Math.Max(1, (long)upstream.ConnectTimeout.TotalMilliseconds),
            IdleTimeout = (long)idle.TotalMilliseconds,
            MaxUdpSessions = service.Sessions.MaxUdpSessions,
        };
    }
}
