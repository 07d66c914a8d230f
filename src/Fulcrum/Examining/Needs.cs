using Fulcrum.Engine.Ports;
using Fulcrum.Forwarding.Trying;
using Fulcrum.Model;
using Fulcrum.Model.Nodes;

namespace Fulcrum.Examining;

/// <summary>What is asked of a machine, and by whom. What nobody needs has an empty list.</summary>
internal sealed record Needs
{
    /// <summary>What Fulcrum can use, whatever a file says.</summary>
    public static Needs Everything { get; } =
        new()
        {
            Balancer = ["forward: nat, dsr, tunnel"],
            Parts = PlaneOffer
                .Ipvs.Algorithms.Select(BalancerPart.Of)
                .Append(BalancerPart.SipEngine)
                .OfType<BalancerPart>()
                .ToDictionary(part => part, IReadOnlyList<string> (_) => ["balance, persist"]),
            Marks = ["together: true, port ranges"],
            Sources = ["forward: nat with connect: source"],
            Programs = ["plane: xdp, tc"],
            Administration = ["forward: nat, dsr, tunnel", "vips", "interfaces"],
            MarkedSockets = ["checks via: forwarding"],
            TransparentSockets = ["transparent: true"],
            Echo = ["icmp checks"],
            Offload = ["nodes: offload"],
            LowPorts = [(1, "listeners on low ports")],
            Proxied = ["forward: proxy"],
            Kinds =
            [
                new(new() { Name = "trial0", Dummy = true }, ["vips on: dummy", "interfaces"]),
                new(new() { Name = "trial1", Vlan = 1 }, ["interfaces"]),
                new(new() { Name = "trial2", Macvlan = MacvlanKind.Bridge }, ["interfaces"]),
            ],
        };

    /// <summary>The kernel's own balancer.</summary>
    public IReadOnlyList<string> Balancer { get; init; } = [];

    /// <summary>Of the balancer what is in modules of its own.</summary>
    public IReadOnlyDictionary<BalancerPart, IReadOnlyList<string>> Parts { get; init; } =
        new Dictionary<BalancerPart, IReadOnlyList<string>>();

    /// <summary>What the kernel's balancer would carry.</summary>
    public PlaneTable Table { get; init; } = PlaneTable.Empty;

    /// <summary>Firewall marks for packets that come in.</summary>
    public IReadOnlyList<string> Marks { get; init; } = [];

    /// <summary>Backends see an address of this node.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>A balancer of our own in the kernel.</summary>
    public IReadOnlyList<string> Programs { get; init; } = [];

    /// <summary>Where that is to stand, and how.</summary>
    public XdpSettings Xdp { get; init; } = XdpSettings.Default;

    /// <summary>Some of it in the driver.</summary>
    public bool InDriver { get; init; }

    /// <summary>The right to change the network.</summary>
    public IReadOnlyList<string> Administration { get; init; } = [];

    /// <summary>Sockets with a firewall mark.</summary>
    public IReadOnlyList<string> MarkedSockets { get; init; } = [];

    /// <summary>Sockets that speak for addresses of others (TPROXY).</summary>
    public IReadOnlyList<string> TransparentSockets { get; init; } = [];

    /// <summary>Programs in the kernel that pass datagrams on.</summary>
    public IReadOnlyList<string> Offload { get; init; } = [];

    /// <summary>The interfaces where they stand.</summary>
    public IReadOnlyList<string> OffloadInterfaces { get; init; } = [];

    /// <summary>Sockets for echo requests (ICMP).</summary>
    public IReadOnlyList<string> Echo { get; init; } = [];

    /// <summary>Listeners that may need a right, with their ports.</summary>
    public IReadOnlyList<(int Port, string Who)> LowPorts { get; init; } = [];

    /// <summary>What is carried by this process.</summary>
    public IReadOnlyList<string> Proxied { get; init; } = [];

    /// <summary>Interfaces that are made, one of each kind.</summary>
    public IReadOnlyList<MadeInterface> Kinds { get; init; } = [];

    /// <summary>Interfaces that must be there, by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Interfaces { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>Addresses for which an interface with their network must be there.</summary>
    public IReadOnlyList<(RaisedAddress Address, string Who)> Networks { get; init; } = [];

    /// <summary>A group of the system that may use the API's socket.</summary>
    public string? Group { get; init; }

    /// <summary>Services that no plane carries on whatever machine, and why.</summary>
    public IReadOnlyList<(string Who, string Why)> Planeless { get; init; } = [];
}

/// <summary>An interface of a kind that Fulcrum makes, for a trial.</summary>
internal sealed record MadeInterface(Interface Sample, IReadOnlyList<string> Who)
{
    public string Kind =>
        Sample.Vlan is not null ? "vlan"
        : Sample.Macvlan is not null ? "macvlan"
        : "dummy";
}
