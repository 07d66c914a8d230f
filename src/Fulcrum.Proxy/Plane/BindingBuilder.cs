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
            var sockets = former?.Sockets ?? Open(key);
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
    public void Abandon() => _opened.ForEach(sockets => sockets.Abandon());

    private ListenerSockets Open(BindingKey key)
    {
        var listen = new ListenOptions { FreeBind = options.FreeBind, ReceiveBuffer = options.UdpReceiveBuffer };
        var inherited = options.Inherited?.Take(key) ?? [];
        var sockets = inherited is [] ? Bind(key, listen) : Spread(inherited, key, listen);
        _opened.Add(sockets);
        return sockets;
    }

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
            AreInherited = options.Inherited?.AreLent(key) == false,
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
        key.Address.IsWildcard
            ? options.Inherited?.HasAny(key) == true
                || Bindings.Keys.Concat(Closing.Keys).Any(other => other.ToWildcard() == key)
            : IsOpen(key) || IsOpen(key.ToWildcard());

    private bool IsOpen(BindingKey key) =>
        Bindings.ContainsKey(key) || Closing.ContainsKey(key) || options.Inherited?.Has(key) == true;

    private static Map<BindingKey, ListenerSockets> StillOpen(Map<BindingKey, ListenerSockets> closing)
    {
        foreach (var (key, sockets) in closing)
        {
            closing = sockets.IsOpen ? closing : closing.Without(key);
        }
        return closing;
    }
}
