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

    /// <summary>Works by another generation from now on.</summary>
    public void Apply(Generation generation)
    {
        ApplyBackends(generation);
        foreach (var (key, binding) in generation.Bindings)
        {
            var backends = Array.ConvertAll(binding.Plan.Candidates, candidate => _backends[candidate]);
            if (_listeners.TryGetValue(key, out var present))
            {
                present.Listener.Route.Follow(binding.Plan, backends);
                _listeners[key] = (present.Listener, binding.DrainDeadline);
                continue;
            }
            if (_closing.Remove(key, out var former))
            {
                // While it is open the kernel gives it a share of what is meant for its successor.
                former.Abort();
            }
            var route = new Route(_number);
            route.Follow(binding.Plan, backends);
            var listener = Open(binding, route);
            _listeners[key] = (listener, binding.DrainDeadline);
            _ = listener.Start(_options.Backlog);
        }
        foreach (var (key, (listener, deadline)) in _listeners)
        {
            if (!generation.Bindings.ContainsKey(key))
            {
                _listeners.Remove(key);
                _closing[key] = listener;
                listener.Close(deadline);
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
            _closing[key] = listener;
            listener.Close(deadline);
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

    private void ApplyBackends(Generation generation)
    {
        var wanted = new HashSet<ServiceBackend>();
        foreach (var service in generation.Services.Values)
        {
            foreach (var (state, backend, deadline) in service.Backends.Values)
            {
                wanted.Add(state);
                if (!_backends.TryGetValue(state, out var present))
                {
                    _backends[state] = present = new LoopBackend(state, _loop.Reactor, _number);
                }
                present.Backend = backend;
                if (backend is null or { Duty: Engine.Ports.BackendDuty.Drain })
                {
                    present.Drain(deadline);
                }
                else
                {
                    present.CancelDrain();
                }
            }
        }
        foreach (var (state, backend) in _backends)
        {
            if (wanted.Contains(state))
            {
                continue;
            }
            backend.Backend = null;
            if (backend.HasSessions)
            {
                // They began while the generation was made, or this is not the first without the backend.
                backend.Drain(DrainOptions.Default.Deadline);
            }
            else
            {
                backend.CancelDrain();
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
