using System.Globalization;
using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Services;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Engine.Tests.Deriving.Vips;

/// <summary>The node lb1, whose services, planes and adapters do what a test says; decides when it is told to.</summary>
internal sealed class VipWorld
{
    private EngineInputs _before = EngineInputs.Nothing;
    private Map<string, DerivedService> _servicesBefore = Map<string, DerivedService>.Empty;

    public EngineInputs Inputs { get; set; } = EngineInputs.Nothing with { Node = "lb1" };

    public Map<string, DerivedService> Services { get; set; } = Map<string, DerivedService>.Empty;

    public VipSection Section { get; set; } = VipSection.Initial;

    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

    public static BgpAnnouncement Bgp { get; } = new();

    public static VrrpAnnouncement Vrrp { get; } = new() { Interface = "eth1", Id = 51 };

    /// <summary>Its addresses are written as in a file: with the length of the network, or alone.</summary>
    public static Vip Vip(string name, params string[] addresses) =>
        new() { Name = name, Addresses = Items.From(addresses.Select(At)) };

    public static InterfaceAddress At(string text) =>
        text.Split('/') is [var address, var length]
            ? new(IPAddress.Parse(address), int.Parse(length, CultureInfo.InvariantCulture))
            : InterfaceAddress.Single(IPAddress.Parse(text));

    public static DerivedService Service(string name, Verdict verdict, params string?[] addresses) =>
        new()
        {
            Service = new()
            {
                Name = name,
                Listeners = Items.From(
                    addresses.Select(address => new Listener
                    {
                        Protocol = ListenerProtocol.Tcp,
                        Address = address is null ? null : IPAddress.Parse(address),
                        Ports = PortRange.Of(53),
                    })
                ),
            },
            Carrier = PlaneKind.Proxy,
            Plane = null,
            Verdict = verdict,
            Reason = new LeadsTo("upstream", verdict),
        };

    public static AnnouncementKey Key(string announcement, string address) =>
        new(announcement, IPAddress.Parse(address));

    public VipWorld Have(params Vip[] vips)
    {
        Edit(snapshot => snapshot with { Vips = vips.Aggregate(snapshot.Vips, (all, vip) => all.With(vip)) });
        return this;
    }

    public VipWorld Have(params Announcement[] announcements)
    {
        Edit(snapshot =>
            snapshot with
            {
                Announcements = announcements.Aggregate(snapshot.Announcements, (all, item) => all.With(item)),
            }
        );
        return this;
    }

    public VipWorld Announce(string name, AnnouncementSpec spec) => Have(new Announcement { Name = name, Spec = spec });

    public VipWorld Have(params Node[] nodes)
    {
        Edit(snapshot => snapshot with { Nodes = nodes.Aggregate(snapshot.Nodes, (all, node) => all.With(node)) });
        return this;
    }

    public void Edit(Func<Snapshot, Snapshot> edit) => Inputs = Inputs with { Snapshot = edit(Inputs.Snapshot) };

    /// <summary>Decided about elsewhere.</summary>
    public VipWorld Have(DerivedService service, bool carried = true)
    {
        Services = Services.With(service.Service.Name, service);
        return carried ? Carry(service.Service.Name) : this;
    }

    public VipWorld Carry(params string[] services)
    {
        var table = Inputs.Observed.Planes[PlaneKind.Proxy] ?? PlaneTable.Empty;
        foreach (var name in services)
        {
            table = table with
            {
                Services = table.Services.With(
                    name,
                    new()
                    {
                        Name = name,
                        Listeners = [],
                        Sessions = SessionOptions.Default,
                        Client = ClientRules.None,
                    }
                ),
            };
        }

        var planes = Inputs.Observed.Planes.With(PlaneKind.Proxy, table);
        Inputs = Inputs with { Observed = Inputs.Observed with { Planes = planes } };
        return this;
    }

    public VipWorld Role(string announcement, Role role)
    {
        Inputs = Inputs with { Roles = Inputs.Roles.With(announcement, new(role, Now)) };
        return this;
    }

    public VipWorld Override(Override decision)
    {
        Inputs = Inputs with { Overrides = Inputs.Overrides.With(decision.Target, decision) };
        return this;
    }

    /// <summary>The adapter of the addresses has done what it was told.</summary>
    public VipWorld Stand(Map<IPAddress, RaisedAddress> addresses)
    {
        Inputs = Inputs with { Observed = Inputs.Observed with { Addresses = addresses } };
        return this;
    }

    public VipWorld Stand() => Stand(Section.Addresses);

    public VipWorld Tell(Map<AnnouncementKey, AnnouncedAddress> announcements)
    {
        Inputs = Inputs with { Observed = Inputs.Observed with { Announcements = announcements } };
        return this;
    }

    public VipWorld Tell() => Tell(Section.Announcements);

    public VipWorld Decide()
    {
        Section = Section.Next(_before, Inputs, _servicesBefore, Services, Now);
        _before = Inputs;
        _servicesBefore = Services;
        return this;
    }

    /// <summary>Decides and has the adapters do it until nothing more comes.</summary>
    public VipWorld Settle()
    {
        for (var i = 0; i < 8; i++)
        {
            Decide().Stand().Tell();
        }

        return Decide();
    }

    public VipWorld Wait(TimeSpan time)
    {
        Now += time;
        return this;
    }

    /// <summary>Forgets all but what the world shows, as a restart does.</summary>
    public VipWorld Restart()
    {
        (Section, _before) = (VipSection.Initial, EngineInputs.Nothing);
        _servicesBefore = Map<string, DerivedService>.Empty;
        return this;
    }

    public DerivedVip Of(string name) => Section.Vips[name]!;

    public bool Wants(string address) => Section.Addresses.ContainsKey(IPAddress.Parse(address));

    public AnnouncementPhase? Phase(string announcement, string address) =>
        Section.Announcements[Key(announcement, address)]?.Phase;

    /// <summary>What is wanted, in one line: addresses, then announcements with their phases.</summary>
    public string Wanted() =>
        string.Join(
            ' ',
            Section
                .Addresses.Values.Select(raised => $"{raised.Address}")
                .Order(StringComparer.Ordinal)
                .Concat(
                    Section
                        .Announcements.Values.Select(told => $"{told.Key}:{told.Phase}")
                        .Order(StringComparer.Ordinal)
                )
        );
}
