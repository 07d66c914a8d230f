using Fulcrum.Engine.Admission;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Routing;
using Fulcrum.Linux.Sockets;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Routing;

/// <summary>A listener as one loop has it: the plan of the present generation, and where it leads on this loop.</summary>
internal sealed class Entrance
{
    private readonly int _loop;
    private Destination[] _destinations = [];

    public Entrance(int loop) => _loop = loop;

    /// <summary>The number of the loop.</summary>
    public int Loop => _loop;

    public ListenerPlan Plan { get; private set; } = null!;

    /// <summary>This loop's counters of the service.</summary>
    public SessionCell Cell => Plan.Service.Cells[_loop];

    /// <summary>This loop's times of connecting, of the service.</summary>
    public DurationCell Connects => Plan.Service.Connects[_loop];

    /// <summary>This loop's lengths of sessions, of the service.</summary>
    public DurationCell Lengths => Plan.Service.Lengths[_loop];

    /// <summary>A session begins.</summary>
    /// <param name="now">The loop's time, in microseconds.</param>
    public void CountSession(long now)
    {
        Cell.Active++;
        Cell.Total++;
        Plan.Service.Retries?.CountSession(_loop, now);
    }

    /// <summary>Where the present plan leads, by its numbers. Another plan has another array.</summary>
    public Destination[] Destinations => _destinations;

    /// <summary>Where a client that has said nothing goes; null: nowhere.</summary>
    /// <param name="client">Who it is.</param>
    /// <param name="local">Which address it came to.</param>
    /// <param name="route">What leads there; null: there are no routes.</param>
    /// <param name="metadata">What is known of it by then; null: nobody asks.</param>
    public Destination? Choose(
        in SocketAddress client,
        in SocketAddress local,
        out PlaneRoute? route,
        out Metadata? metadata
    )
    {
        (route, metadata) = (null, null);
        if (Plan.Routes is not { } routes)
        {
            return _destinations[0];
        }
        var facts = new SessionFacts
        {
            Source = BitsOf(client),
            SourcePort = client.Port,
            Destination = BitsOf(local),
            Port = local.Port,
        };
        metadata = Plan.NeedsMetadata ? Metadata.Of(Plan.Listener, facts) : null;
        route = routes.Choose(facts with { Metadata = metadata });
        return route?.Action is PlaneForward forward ? _destinations[forward.Destination] : null;
    }

    private static AddressBits? BitsOf(in SocketAddress address) =>
        address.Family == SocketFamily.Unix ? null : address.ToBits();

    /// <summary>Works by another plan from now on. Who leads to the same upstream as before goes on where it was.</summary>
    /// <param name="find">The backend on this loop.</param>
    public void Follow(ListenerPlan plan, Func<ServiceBackend, LoopBackend> find)
    {
        var destinations = new Destination[plan.Destinations.Length];
        // Sessions of a service that had the address before have nothing to do with the backends of this one.
        var isSame = ReferenceEquals(Plan?.Service, plan.Service);
        for (var index = 0; index < destinations.Length; index++)
        {
            var next = plan.Destinations[index];
            var destination = isSame
                ? Array.Find(_destinations, former => former.Plan.Upstream == next.Upstream)
                : null;
            destinations[index] = destination ??= new Destination(_loop);
            destination.Follow(next, Array.ConvertAll(next.Candidates, candidate => find(candidate)));
        }
        (Plan, _destinations) = (plan, destinations);
    }
}
