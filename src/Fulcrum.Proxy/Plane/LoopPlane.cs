using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops;
using Fulcrum.Loops.Sockets;
using Fulcrum.Proxy.AccessLogs;
using Fulcrum.Proxy.Listing;
using Fulcrum.Proxy.Programs;
using Fulcrum.Proxy.Routing;
using Fulcrum.Proxy.Sessions;
using Fulcrum.Proxy.Stages;
using Fulcrum.Proxy.Streams;
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
    private readonly TimeProvider _time;
    private readonly Action<PassiveSignal> _complain;
    private readonly Action<ServiceBackend, string> _complainOf;
    private readonly Dictionary<BindingKey, ILoopListener> _listeners = [];
    private readonly Dictionary<BindingKey, ILoopListener> _closing = [];
    private readonly Dictionary<ServiceBackend, LoopBackend> _backends = [];
    private readonly HashSet<LoopBackend> _fading = [];
    private readonly StreamRelay<EpollIo> _tcp;
    private readonly Lazy<UdpRelay> _udp;
    private readonly AccessRing _ring;
    private Dictionary<BindingKey, Binding>? _held;
    private Action? _sessionEnded;

    /// <param name="complain">Told of backends that fail too often.</param>
    /// <param name="ring">Takes sessions that have ended, where somebody wants to know.</param>
    /// <param name="roll">All sessions of the loop.</param>
    /// <param name="stages">Where stages write.</param>
    public LoopPlane(
        EventLoop loop,
        int number,
        ProxyPlaneOptions options,
        TimeProvider time,
        Action<PassiveSignal> complain,
        AccessRing ring,
        SessionRoll roll,
        StageLog stages
    )
    {
        _ring = ring;
        _time = time;
        (_complain, _complainOf) = (complain, Complain);
        _loop = loop;
        _number = number;
        _options = options;
        _held = options.IsHeld ? [] : null;
        _tcp = new StreamRelay<EpollIo>(loop.Reactor, number, new EpollIo(loop), OnSessionEnded)
        {
            Ring = ring,
            Roll = roll,
            Post = loop.Post,
            StageLog = stages,
            Challenges = options.Challenges,
            Programs = new ProgramYard(loop, stages),
        };
        _udp = new Lazy<UdpRelay>(
            () =>
                new UdpRelay(loop, OnSessionEnded)
                {
                    Ring = ring,
                    Roll = roll,
                    StageLog = stages,
                    Offloaded = options.Offload is { } offload
                        ? new(loop.Reactor, offload, number, options.Loops)
                        : null,
                },
            LazyThreadSafetyMode.None
        );
    }

    /// <summary>Sessions on this loop.</summary>
    public int Active => _tcp.Active + (_udp.IsValueCreated ? _udp.Value.Active : 0);

    /// <summary>Sessions that the kernel carries; null: none, or none yet.</summary>
    public OffloadedSessions? Offloaded => _udp.IsValueCreated ? _udp.Value.Offloaded : null;

    /// <summary>Directions of sessions that go through a pipe.</summary>
    public int Spliced => _tcp.Pipes.InUse;

    /// <summary>TLS handshakes with clients that are under way.</summary>
    public int Handshakes => _tcp.Handshakes.UnderWay;

    /// <summary>Clients that wait for theirs to begin.</summary>
    public int HandshakesWaiting => _tcp.Handshakes.Waiting;

    /// <summary>The programs of its sessions.</summary>
    public ProgramYard Programs => _tcp.Programs!;

    /// <summary>Listeners that are open, or were until the present generation.</summary>
    public int Listeners => _listeners.Count + _closing.Count;

    /// <summary>What leads from each address that clients reach.</summary>
    public IEnumerable<KeyValuePair<BindingKey, ListenerPlan>> Plans =>
        _listeners.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Entrance.Plan));

    /// <summary>Backends of the present generation, and those that fade.</summary>
    public IReadOnlyCollection<ServiceBackend> Backends => _backends.Keys;

    /// <summary>Copies of all sockets that clients reach, the caller's to close.</summary>
    public IEnumerable<SharedSocket> Share() =>
        from pair in _listeners
        where pair.Key.Reach is null
        from descriptor in pair.Value.Descriptors
        let copy = SocketCalls.Duplicate(descriptor)
        where copy >= 0
        select new SharedSocket(SharedSocket.NameOf(pair.Key.Kind, pair.Key.Address), copy)
        {
            IsLent = UnixListenerSocket.HasFile(pair.Key.Address) && _options.Inherited?.IsLent(pair.Key) == true,
        };

    /// <summary>Works by the next generation from now on.</summary>
    public void Apply(GenerationChange change)
    {
        if (_sessionEnded is not null)
        {
            // It is on its way out, and nothing puts that off.
            foreach (var binding in change.Bindings.Where(binding => binding.Before is null))
            {
                binding.After!.Sockets.Close(_number);
            }
            return;
        }
        foreach (var entry in change.Backends.Select(backend => backend.After).OfType<BackendEntry>())
        {
            Describe(entry);
        }
        foreach (var binding in change.Bindings)
        {
            if (binding.After is { } after)
            {
                Lead(binding.Key, after);
            }
        }
        foreach (var binding in change.Bindings)
        {
            if (binding.After is null && _held?.Remove(binding.Key, out var held) == true)
            {
                held.Sockets.Close(_number);
            }
            else if (binding.After is null && _listeners.Remove(binding.Key, out var listener))
            {
                Close(binding.Key, listener, binding.Before!.DrainDeadline);
            }
        }
        // Last: who waited in the queue of a listener that closed may still go where it led.
        foreach (var backend in change.Backends)
        {
            if (backend.After is null)
            {
                Retire(backend.Before!);
            }
        }
        foreach (var entry in change.Fading.Select(backend => backend.After).OfType<BackendEntry>())
        {
            _backends.GetValueOrDefault(entry.State)?.Drain(entry.DrainDeadline);
        }
        Forget();
        _tcp.Reconsider();
        Offloaded?.Reconsider();
    }

    /// <summary>Opens what it was only told of so far.</summary>
    public void Begin()
    {
        if (_held is { } held)
        {
            _held = null;
            foreach (var (key, binding) in held)
            {
                Lead(key, binding);
            }
        }
    }

    /// <summary>Lets nobody in any more; sessions may go on until the deadline.</summary>
    /// <param name="deadline">From now.</param>
    /// <param name="isHandedOver">Another process has the sockets, too, and lets in whoever comes.</param>
    /// <param name="sessionEnded">Called after each session that ends from now on.</param>
    public void Drain(TimeSpan deadline, bool isHandedOver, Action sessionEnded)
    {
        LetGo();
        if (isHandedOver)
        {
            Offloaded?.Close();
            foreach (var listener in _listeners.Values)
            {
                listener.HandOver(deadline);
            }
        }
        foreach (var (key, listener) in _listeners)
        {
            Close(key, listener, deadline);
        }
        _listeners.Clear();
        // Better at once and elsewhere than here, where the deadline may come before their turn.
        _tcp.AbortWaiting();
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
        LetGo();
        foreach (var listener in _listeners.Values.Concat(_closing.Values))
        {
            listener.Abort();
        }
        _listeners.Clear();
        _closing.Clear();
        _tcp.AbortWaiting();
        foreach (var backend in _backends.Values)
        {
            backend.AbortAll();
        }
        _tcp.Programs!.Close();
        _tcp.Pipes.CloseAll();
        if (_udp.IsValueCreated)
        {
            _udp.Value.Dispose();
        }
    }

    // Who waits in the queues of inherited sockets is not lost: somebody else has them, too.
    private void LetGo()
    {
        if (_held is not null)
        {
            foreach (var binding in _held.Values)
            {
                binding.Sockets.Close(_number);
            }
            _held.Clear();
        }
    }

    private void Lead(BindingKey key, Binding binding)
    {
        if (_held is not null)
        {
            _held[key] = binding;
            return;
        }
        if (binding.Plan.Log is not null)
        {
            _ring.Open();
        }
        if (_listeners.TryGetValue(key, out var present))
        {
            Tune(key, binding, present.Entrance.Plan.Tuning);
            present.Entrance.Follow(binding.Plan, Find);
            return;
        }
        if (_closing.Remove(key, out var former))
        {
            // While it is open the kernel gives it a share of what is meant for its successor.
            former.Abort();
        }
        Tune(key, binding, binding.Sockets.AreInherited ? TuningPlan.Everything : TuningPlan.Plain);
        var entrance = new Entrance(_number);
        entrance.Follow(binding.Plan, Find);
        var listener = Open(key, binding.Sockets, entrance);
        _listeners[key] = listener;
        listener.Start(_options.Backlog);
    }

    private void Close(BindingKey key, ILoopListener listener, TimeSpan deadline)
    {
        _closing[key] = listener;
        listener.Close(deadline);
    }

    /// <summary>Takes over what the generation says about a backend.</summary>
    private void Describe(BackendEntry entry)
    {
        if (!_backends.TryGetValue(entry.State, out var present))
        {
            _backends[entry.State] = present = new LoopBackend(entry.State, _loop.Reactor, _number, _complainOf);
        }
        _fading.Remove(present);
        present.Backend = entry.Backend;
        present.SuccessRate = entry.SuccessRate;
        if (entry.Backend.Duty != BackendDuty.Drain)
        {
            present.CancelDrain();
        }
        else if (entry.Backend.DrainUntil is { } until)
        {
            present.CancelDrain();
            present.Drain(until - _time.GetUtcNow());
        }
        else
        {
            present.Drain(entry.DrainDeadline);
        }
    }

    /// <summary>Drains a backend that the generation does not have.</summary>
    private void Retire(BackendEntry entry)
    {
        var present = _backends[entry.State];
        present.Backend = null;
        present.Drain(entry.DrainDeadline);
        _fading.Add(present);
    }

    /// <summary>Lets go of what was given up and has come to its end.</summary>
    private void Forget()
    {
        foreach (var (key, listener) in _closing)
        {
            if (listener.IsClosed)
            {
                _closing.Remove(key);
            }
        }
        foreach (var backend in _fading)
        {
            if (!backend.HasSessions)
            {
                backend.CancelDrain();
                _fading.Remove(backend);
                _backends.Remove(backend.State);
            }
        }
    }

    private ILoopListener Open(BindingKey key, ListenerSockets sockets, Entrance entrance)
    {
        var listeners = Array.ConvertAll(sockets[_number], descriptor => Open(key, descriptor, sockets, entrance));
        return listeners is [var one] ? one : new ListenerGroup(entrance, listeners);
    }

    private ILoopListener Open(BindingKey key, int descriptor, ListenerSockets sockets, Entrance entrance) =>
        key.Kind == SocketKind.Datagram
            ? OpenDatagrams(key, descriptor, sockets, entrance)
            : new StreamListener(_loop, _tcp, descriptor, key.Address.Port, entrance, sockets.CountClosed);

    private UdpListener OpenDatagrams(BindingKey key, int descriptor, ListenerSockets sockets, Entrance entrance) =>
        key.Address.Family == SocketFamily.Unix
            ? new UnixDatagramListener(_udp.Value, descriptor, key.Address, entrance, sockets.CountClosed)
            : new UdpListener(
                _udp.Value,
                descriptor,
                key.Address,
                entrance,
                _options.Loops,
                canBeOffloaded: key.Interface is null,
                key.Reach,
                sockets.CountClosed
            );

    private void Tune(BindingKey key, Binding binding, TuningPlan former)
    {
        foreach (var descriptor in binding.Sockets[_number])
        {
            binding.Plan.Tuning.Apply(descriptor, key.Kind, key.Address.Family, former);
        }
    }

    private LoopBackend Find(ServiceBackend backend) => _backends[backend];

    private void Complain(ServiceBackend backend, string what) =>
        _complain(new(backend.Key.Upstream, backend.Key.Id, _time.GetUtcNow(), what));

    private void OnSessionEnded() => _sessionEnded?.Invoke();
}
