using Fulcrum.Linux;
using Fulcrum.Linux.Sockets;
using Fulcrum.Loops.Sockets;
using Fulcrum.Model.Values;
using Fulcrum.Proxy.Routing;

namespace Fulcrum.Proxy.Plane;

/// <summary>
/// Who has which address in the next generation. What was given to nobody before is bound, once for each loop; what
/// passes from one service to another keeps its sockets. Who has an address keeps it against all who want it too.
/// </summary>
internal sealed class BindingBuilder(ProxyPlaneOptions options, Generation previous)
{
    private readonly HashSet<BindingKey> _bound = [];
    private readonly List<ListenerSockets> _opened = [];

    public Map<BindingKey, Binding> Bindings { get; private set; } = previous.Bindings;

    public Map<BindingKey, ListenerSockets> Closing { get; private set; } = StillOpen(previous.Closing);

    /// <summary>Its service does not want it any more.</summary>
    public void Release(BindingKey key)
    {
        Closing = Closing.With(key, Bindings[key]!.Sockets);
        Bindings = Bindings.Without(key);
    }

    /// <summary>Lets the plan's service have the address. False when it is another listener's.</summary>
    /// <exception cref="LinuxException">It cannot be had.</exception>
    public bool TryBind(BindingKey key, ListenerPlan plan, PlanSource source)
    {
        var present = Bindings[key];
        if (present is not null && (_bound.Contains(key) || !ReferenceEquals(present.Plan.Service, plan.Service)))
        {
            return false;
        }
        var former = previous.Bindings[key];
        if (!ReferenceEquals(former?.Plan, plan))
        {
            var sockets = former?.Sockets ?? Open(key, source.Listener.Listener.Mode);
            Bindings = Bindings.With(
                key,
                new Binding
                {
                    Plan = plan,
                    Sockets = sockets,
                    Source = source,
                }
            );
        }
        Closing = Closing.Without(key);
        _bound.Add(key);
        return true;
    }

    /// <summary>Closes what was opened, when the generation is not wanted after all.</summary>
    public void Abandon() =>
        _opened.ForEach(sockets =>
        {
            sockets.Abandon();
            sockets.File?.Abandon();
        });

    private ListenerSockets Open(BindingKey key, UnixFileMode mode)
    {
        if (key.Address.Family == SocketFamily.Unix)
        {
            var unix = OpenUnix(key, mode);
            _opened.Add(unix);
            return unix;
        }
        var listen = new ListenOptions
        {
            FreeBind = options.FreeBind,
            Interface = key.Interface,
            ReceiveBuffer = options.UdpReceiveBuffer,
        };
        var inherited = key.Reach is null ? options.Inherited?.Take(key) ?? [] : [];
        var sockets =
            key.Reach is not null ? BindWide(key, listen)
            : inherited is [] ? Bind(key, listen)
            : Spread(inherited, key, listen);
        _opened.Add(sockets);
        return sockets;
    }

    /// <summary>
    /// One socket, of which each loop has a descriptor: each hears of each connection, and one gets it. Of datagrams one
    /// loop has all: else those of one client would belong to several sessions. Where several were
    /// inherited they are copies of one, too, or an old one and its successor; none is closed, for the same reason.
    /// </summary>
    private ListenerSockets OpenUnix(BindingKey key, UnixFileMode mode)
    {
        var inherited = options.Inherited?.Take(key) ?? [];
        var isInherited = inherited is not [];
        var loops = new List<int>[options.Loops];
        var all = new List<int>(inherited);
        try
        {
            if (!isInherited)
            {
                all.Add(OpenUnixSocket(key, mode));
            }
            all.ForEach(descriptor =>
                LinuxException.ThrowIfError(SocketCalls.MakeNonBlocking(descriptor), $"take over {NameOf(key)}")
            );
            for (var loop = 0; loop < loops.Length; loop++)
            {
                loops[loop] = [.. all.Where((_, index) => LoopOf(key, index) == loop)];
                if (loops[loop] is [] && key.Kind != SocketKind.Datagram)
                {
                    var copy = SocketCalls.Duplicate(all[loop % all.Count]);
                    loops[loop].Add(LinuxException.ThrowIfError(copy, $"listen on {NameOf(key)} together"));
                }
            }
        }
        catch (LinuxException)
        {
            var copies = loops.Where(some => some is not null).SelectMany(some => some);
            foreach (var descriptor in copies.Union(all))
            {
                _ = SocketCalls.Close(descriptor);
            }
            throw;
        }
        var file =
            UnixListenerSocket.HasFile(key.Address) && options.Inherited?.IsLent(key) != true
                ? new SocketFile(key.Address.Path!, isInherited)
                : null;
        return new(Array.ConvertAll(loops, some => some.ToArray()), file);
    }

    private int LoopOf(BindingKey key, int index) =>
        (key.Kind == SocketKind.Datagram ? key.Address.Path!.Sum(letter => letter) : index) % options.Loops;

    private int OpenUnixSocket(BindingKey key, UnixFileMode mode)
    {
        if (previous.Bindings.Keys.Any(other => other != key && other.Address == key.Address))
        {
            throw new LinuxException(
                Errno.AddressInUse,
                $"listen on {NameOf(key)}: the file is that of another listener until this one is there; first take it away"
            );
        }
        return UnixListenerSocket.Open(key.Address, key.Kind, mode);
    }

    private static string NameOf(BindingKey key) => SharedSocket.NameOf(key.Kind, key.Address);

    private ListenerSockets Bind(BindingKey key, ListenOptions listen)
    {
        try
        {
            ListenerSocket.EnsureFree(key.Address, key.Kind, listen);
        }
        catch (LinuxException exception) when (exception.Error == Errno.AddressInUse && IsOurs(key))
        {
            // A wildcard of our own is no stranger to a single address on its port, nor the other way round.
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
        return new([.. descriptors.Select(descriptor => new[] { descriptor })]);
    }

    /// <summary>
    /// A socket for each loop on some port of all addresses, which the kernel knows as a group: where one of them is
    /// named, each may get what comes. That they are on all addresses has what they accept know its own.
    /// </summary>
    private ListenerSockets BindWide(BindingKey key, ListenOptions listen)
    {
        var address = SocketAddress.Of(key.Address.Family, UInt128.Zero, 0);
        var descriptors = new List<int>(options.Loops);
        try
        {
            for (var loop = 0; loop < options.Loops; loop++)
            {
                descriptors.Add(ListenerSocket.Open(address, key.Kind, listen with { TellsTarget = true }));
                _ = LinuxException.ThrowIfError(
                    SocketCalls.LocalAddress(descriptors[0], out address),
                    "ask a socket for its port"
                );
            }
        }
        catch (LinuxException)
        {
            descriptors.ForEach(descriptor => SocketCalls.Close(descriptor));
            throw;
        }
        return new([.. descriptors.Select(descriptor => new[] { descriptor })]);
    }

    /// <summary>
    /// Gives each loop its part of what was inherited; not one of them is closed, because clients may wait in its queue.
    /// Loops that get none open a socket that joins the others. Where that is not allowed, of ports that are another's
    /// to give, they accept from one of the others: each loop hears of each connection, and one gets it. Datagrams then
    /// are the affair of the loops that have a socket.
    /// </summary>
    private ListenerSockets Spread(int[] inherited, BindingKey key, ListenOptions listen)
    {
        var loops = new List<int>[options.Loops];
        for (var loop = 0; loop < loops.Length; loop++)
        {
            loops[loop] = [];
        }
        for (var index = 0; index < inherited.Length; index++)
        {
            loops[index % loops.Length].Add(inherited[index]);
        }
        try
        {
            foreach (var descriptor in inherited)
            {
                ListenerSocket.Adopt(descriptor, key.Address, key.Kind, listen);
            }
            for (var loop = inherited.Length; loop < loops.Length; loop++)
            {
                if (Join(inherited[loop % inherited.Length], key, listen) is { } descriptor)
                {
                    loops[loop].Add(descriptor);
                }
            }
        }
        catch (LinuxException)
        {
            Array.ForEach(loops, some => some.ForEach(descriptor => SocketCalls.Close(descriptor)));
            throw;
        }
        return new(Array.ConvertAll(loops, some => some.ToArray()))
        {
            AreInherited = options.Inherited?.IsLent(key) == false,
        };
    }

    private static int? Join(int other, BindingKey key, ListenOptions listen)
    {
        try
        {
            return ListenerSocket.Open(key.Address, key.Kind, listen);
        }
        catch (LinuxException error) when (error.Error is Errno.AddressInUse or Errno.AccessDenied)
        {
            return key.Kind == SocketKind.Datagram
                ? null
                : LinuxException.ThrowIfError(SocketCalls.Duplicate(other), $"listen on tcp://{key.Address} together");
        }
    }

    private bool IsOurs(BindingKey key) =>
        options.Inherited?.HasOverlap(key) == true || Bindings.Keys.Concat(Closing.Keys).Any(key.Overlaps);

    private static Map<BindingKey, ListenerSockets> StillOpen(Map<BindingKey, ListenerSockets> closing)
    {
        foreach (var (key, sockets) in closing)
        {
            closing = sockets.IsOpen ? closing : closing.Without(key);
        }
        return closing;
    }
}
