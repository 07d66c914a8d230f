using System.Net;
using Fulcrum.Model;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Engine.Tests.Simulation;

/// <summary>Small configurations with few names and addresses, so that things meet. Some are not valid.</summary>
internal sealed class RandomConfiguration(Random random)
{
    public const string Node = "lb1";

    /// <summary>The name that some backends are written as.</summary>
    public const string HostName = "n.example.com";

    public static readonly string[] Announcements = ["x", "y", "z"];
    public static readonly string[] Upstreams = ["a", "b"];
    private static readonly IPAddress[] Addresses = [.. Enumerable.Range(1, 3).Select(AddressOf)];
    private readonly RandomUpstream _upstreams = new(random);

    public static IPAddress AddressOf(int last) => new([192, 0, 2, (byte)last]);

    public Snapshot Make() =>
        Snapshot.Empty with
        {
            Nodes = Nodes(),
            Upstreams = Named<Upstream>.From(Upstreams.Select(_upstreams.Make)),
            Services = Named<Service>.From(Enumerable.Range(1, random.Next(1, 5)).Select(Service)),
            Vips = Named<Vip>.From(Enumerable.Range(1, random.Next(1, 4)).Select(Vip)),
            Announcements = Named<Announcement>.From(Announcements.Take(random.Next(4)).Select(Announcement)),
        };

    /// <summary>Another configuration: most of it as before.</summary>
    public Snapshot Change(Snapshot former) =>
        random.Next(12) switch
        {
            0 => Make(),
            1 => former with { Nodes = Nodes() },
            2 or 3 => former with { Upstreams = former.Upstreams.With(_upstreams.Make(Pick(Upstreams))) },
            4 => former with { Services = former.Services.Without($"s{random.Next(1, 5)}") },
            5 => former with { Vips = former.Vips.Without($"v{random.Next(1, 4)}") },
            6 => former with { Announcements = former.Announcements.Without(Pick(Announcements)) },
            7 => former with { Announcements = former.Announcements.With(Announcement(Pick(Announcements))) },
            8 or 9 => former with { Vips = former.Vips.With(Vip(random.Next(1, 4))) },
            _ => former with { Services = former.Services.With(Service(random.Next(1, 5))) },
        };

    public Service Service(int index)
    {
        var forward = random.Next(8) switch
        {
            0 or 1 or 2 => Forwarding.Nat,
            3 => Forwarding.Dsr,
            4 when random.Next(3) == 0 => Forwarding.None,
            _ => (Forwarding?)null,
        };
        return new()
        {
            Name = $"s{index}",
            Enabled = random.Next(8) > 0,
            Listeners = Items.From(Enumerable.Range(0, random.Next(1, 3)).Select(i => Listener(80 + index + (10 * i)))),
            // Direct return cannot change ports: its backends have none.
            Upstream = forward == Forwarding.Dsr ? "b" : Pick(Upstreams),
            Policy = forward is null ? Policy.Unset : new() { Forward = forward },
            Plane = random.Next(10) == 0 ? PlaneKind.Ipvs : PlaneKind.Auto,
            Together = Chance(),
            Sessions = Chance() ? null : new() { Drain = new() { Deadline = Seconds(random.Next(5)) } },
        };
    }

    // Ports are a service's own, most often; and some listen everywhere.
    private Listener Listener(int port) =>
        new()
        {
            Protocol = random.Next(4) == 0 ? ListenerProtocol.Udp : ListenerProtocol.Tcp,
            Address = random.Next(8) switch
            {
                0 => null,
                1 => IPAddress.Any,
                _ => Addresses[random.Next(3)],
            },
            Ports = PortRange.Of(random.Next(25) == 0 ? 81 : port),
        };

    private Vip Vip(int index) =>
        new()
        {
            Name = $"v{index}",
            // One that has a second address often claims that of another vip, and is refused.
            Addresses = random.Next(10) == 0 ? [One(index), One((index % 3) + 1)] : [One(index)],
            On = Chance() ? new OnDummy() : new OnInterface("eth0"),
            UpWhen = (UpWhen)random.Next(3),
            Active = (ActiveOn)random.Next(2),
            Linger = Seconds(random.Next(3)),
        };

    private InterfaceAddress One(int index) => new(AddressOf(index), Chance() ? 32 : 24);

    private Announcement Announcement(string name) =>
        new()
        {
            Name = name,
            Select = Chance() ? VipSelection.Everything : new() { Vips = Selector.Everything },
            Spec = random.Next(4) switch
            {
                0 => new BgpAnnouncement { Med = (uint)random.Next(3) },
                1 => new RouteAnnouncement { Interface = "lo" },
                2 => new VrrpAnnouncement { Interface = "eth0", Id = 1 + name[0] },
                _ => new NeighborAnnouncement { Burst = random.Next(3) },
            },
        };

    private Named<Node> Nodes() =>
        random.Next(4) > 0
            ? Named<Node>.Empty
            : Named<Node>.From([
                new()
                {
                    Name = Node,
                    Enabled = random.Next(4) > 0,
                    Priority = random.Next(3),
                },
                new() { Name = "lb2", Priority = random.Next(3) },
            ]);

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private bool Chance() => random.Next(2) == 0;

    private string Pick(string[] names) => names[random.Next(names.Length)];
}
