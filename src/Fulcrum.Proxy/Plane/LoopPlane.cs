using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Model.Services;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Sessions;
using Fulcrum.Proxy.Tcp;
using Fulcrum.Proxy.Udp;

namespace Fulcrum.Proxy.Plane;

/// <summary>
/// The plane on one loop: its listeners, its backends, its sessions. Everything here runs on the loop's thread.
/// </summary>
internal sealed class LoopPlane
{
    private readonly EventLoop _loop;
    private readonly int _number;
    private readonly ProxyPlaneOptions _options;
    private readonly Dictionary<BindingKey, (ILoopListener Listener, TimeSpan Deadline)> _listeners = [];
    private readonly Dictionary<ServiceBackend, LoopBackend> _backends = [];
    private readonly TcpRelay<EpollIo> _tcp;
    private readonly Lazy<UdpRelay> _udp;
    private readonly Dictionary<BindingKey, ILoopListener> _closing = [];
    private Action? _sessionEnded;

    public LoopPlane(EventLoop loop, int number, ProxyPlaneOptions options)
    {
        _loop = loop;
        _number = number;
        _options = options;
        _tcp = new TcpRelay<EpollIo>(loop.Reactor, new EpollIo(loop), OnSessionEnded);
        _udp = new Lazy<UdpRelay>(() => new UdpRelay(loop, OnSessionEnded), LazyThreadSafetyMode.None);
    }

    /// <summary>Sessions on this loop.</summary>
    public int Active => _tcp.Active + (_udp.IsValueCreated ? _udp.Value.Active : 0);

    /// <summary>Listeners that are open, or were until the present generation.</summary>
    public int Listeners => _listeners.Count + _closing.Count;

    /// <summary>Works by another generation from now on.</summary>
    public void Apply(Generation generation)
    {
        Describe(generation);
        foreach (var binding in generation.Bindings.Values)
        {
            Apply(binding);
        }
        foreach (var (key, (listener, deadline)) in _listeners)
        {
            if (!generation.Bindings.ContainsKey(key))
            {
                _listeners.Remove(key);
                Close(key, listener, deadline);
            }
        }
        // Last: who waited in the queue of a listener that closed may still go where it led.
        Retire(generation);
        foreach (var (key, listener) in _closing)
        {
            if (listener.IsClosed)
            {
                _closing.Remove(key);
            }
        }
    }

    /// <summary>Lets nobody in any more; sessions may go on until the deadline.</summary>
    /// <param name="deadline">From now.</param>
    /// <param name="sessionEnded">Called after each session that ends from now on.</param>
    public void Drain(TimeSpan deadline, Action sessionEnded)
    {
        foreach (var (key, (listener, _)) in _listeners)
        {
            Close(key, listener, deadline);
        }
        _listeners.Clear();
        foreach (var backend in _backends.Values)
        {
            backend.CancelDrain();
            backend.Drain(deadline);
        }
        _sessionEnded = sessionEnded;
    }

    /// <summary>Ends everything now.</summary>
    public void Abort()
    {
        foreach (var listener in _listeners.Values.Select(entry => entry.Listener).Concat(_closing.Values))
        {
            listener.Abort();
        }
        _listeners.Clear();
        _closing.Clear();
        foreach (var backend in _backends.Values)
        {
            backend.AbortAll();
        }
        if (_udp.IsValueCreated)
        {
            _udp.Value.Dispose();
        }
    }

    private void Apply(Binding binding)
    {
        if (_listeners.TryGetValue(binding.Key, out var present))
        {
            if (!ReferenceEquals(present.Listener.Route.Plan, binding.Plan))
            {
                present.Listener.Route.Follow(binding.Plan, BackendsOf(binding.Plan));
            }
            _listeners[binding.Key] = (present.Listener, binding.DrainDeadline);
            return;
        }
        if (_closing.Remove(binding.Key, out var former))
        {
            // While it is open the kernel gives it a share of what is meant for its successor.
            former.Abort();
        }
        var route = new Route(_number);
        route.Follow(binding.Plan, BackendsOf(binding.Plan));
        var listener = Open(binding, route);
        _listeners[binding.Key] = (listener, binding.DrainDeadline);
        listener.Start(_options.Backlog);
    }

    private void Close(BindingKey key, ILoopListener listener, TimeSpan deadline)
    {
        _closing[key] = listener;
        listener.Close(deadline);
    }

    private LoopBackend[] BackendsOf(ListenerPlan plan) =>
        Array.ConvertAll(plan.Candidates, candidate => _backends[candidate]);

    /// <summary>Takes over what the generation says about the backends that it has.</summary>
    private void Describe(Generation generation)
    {
        foreach (var service in generation.Services.Values)
        {
            foreach (var (state, backend, deadline) in service.Backends.Values)
            {
                if (backend is null)
                {
                    continue;
                }
                if (!_backends.TryGetValue(state, out var present))
                {
                    _backends[state] = present = new LoopBackend(state, _loop.Reactor, _number);
                }
                present.Backend = backend;
                if (backend.Duty == BackendDuty.Drain)
                {
                    present.Drain(deadline);
                }
                else
                {
                    present.CancelDrain();
                }
            }
        }
    }

    /// <summary>Drains the backends that the generation does not have, and forgets those without sessions.</summary>
    private void Retire(Generation generation)
    {
        var entries = generation
            .Services.Values.SelectMany(service => service.Backends.Values)
            .ToDictionary(entry => entry.State);
        foreach (var (state, present) in _backends)
        {
            var entry = entries.GetValueOrDefault(state);
            if (entry is { Backend: not null })
            {
                continue;
            }
            present.Backend = null;
            if (present.HasSessions)
            {
                // Without an entry they began while the generation was made.
                present.Drain(entry?.DrainDeadline ?? DrainOptions.Default.Deadline);
            }
            else
            {
                present.CancelDrain();
                _backends.Remove(state);
            }
        }
    }

    private ILoopListener Open(Binding binding, Route route)
    {
        var descriptor = binding.Descriptors![_number];
        return binding.Key.Kind == SocketKind.Stream
            ? new TcpListener(_loop, _tcp, descriptor, binding.Key.Address.Port, route)
            : new UdpListener(_udp.Value, descriptor, binding.Key.Address, route, _options.Loops);
    }

    private void OnSessionEnded() => _sessionEnded?.Invoke();
}
