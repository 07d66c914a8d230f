using Fulcrum.Engine.Ports;
using Fulcrum.Engine.Reasons;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using static Fulcrum.Engine.Tests.Deriving.Vips.VipWorld;

namespace Fulcrum.Engine.Tests.Deriving.Vips;

/// <summary>
/// A small world in which anything may happen at any time: few names and addresses, so that things meet, and adapters
/// that do what they are told sometimes, in any order, or lose what they had.
/// </summary>
internal sealed class RandomWorld(Random random)
{
    private static readonly string[] Addresses = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1"];
    private static readonly string[] Nodes = ["lb1", "lb2"];

    public VipWorld World { get; } = new();

    /// <summary>One to three things happen.</summary>
    public void Happen()
    {
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            switch (random.Next(14))
            {
                case 0:
                    ChangeVips();
                    break;
                case 1:
                    ChangeAnnouncements();
                    break;
                case 2 or 3 or 4:
                    ChangeServices();
                    break;
                case 5:
                    ChangeNodes();
                    break;
                case 6:
                    World.Role(Pick("abc"), (Role)random.Next(3));
                    break;
                case 7:
                    ChangePlanes();
                    break;
                case 8:
                    World.Wait(TimeSpan.FromSeconds(random.Next(4)));
                    break;
                case 9 or 10 or 11:
                    World.Stand(Towards(World.Inputs.Observed.Addresses, World.Section.Addresses));
                    break;
                default:
                    World.Tell(Towards(World.Inputs.Observed.Announcements, World.Section.Announcements));
                    break;
            }
        }
    }

    private void ChangeVips()
    {
        var name = Pick("xyz");
        var addresses = Addresses.Where(_ => random.Next(3) == 0).DefaultIfEmpty(Addresses[0]);
        var vip = Vip(name, [.. addresses.Select(address => Chance() ? address : $"{address}/24")]) with
        {
            On = Chance() ? new OnDummy() : new NoPlace(),
            UpWhen = (UpWhen)random.Next(3),
            Active = (ActiveOn)random.Next(2),
            Linger = TimeSpan.FromSeconds(random.Next(4)),
            Labels = Label(),
        };
        World.Edit(snapshot =>
            snapshot with
            {
                Vips = random.Next(4) switch
                {
                    0 => snapshot.Vips.Without(name),
                    1 => Named<Vip>.From(((IEnumerable<Vip>)snapshot.Vips).Reverse()),
                    _ => snapshot.Vips.With(vip),
                },
            }
        );
    }

    private void ChangeAnnouncements()
    {
        var name = Pick("abc");
        AnnouncementSpec[] specs =
        [
            Bgp,
            Vrrp,
            new NeighborAnnouncement { Burst = random.Next(3) },
            new RouteAnnouncement { Interface = "lo" },
        ];
        var announcement = new Announcement
        {
            Name = name,
            Spec = specs[random.Next(4)],
            Nodes = Selects(),
            Select = new()
            {
                Vip = Chance() ? [] : [Pick("xyz")],
                Vips = Selects(),
                Services = Selects(),
            },
        };
        World.Edit(snapshot =>
            snapshot with
            {
                Announcements =
                    random.Next(4) == 0
                        ? snapshot.Announcements.Without(name)
                        : snapshot.Announcements.With(announcement),
            }
        );
    }

    private void ChangeServices()
    {
        var name = Pick("stu");
        string?[] everywhere = [.. Addresses, "0.0.0.0", "::", null];
        var service = Service(name, (Verdict)random.Next(3), everywhere[random.Next(everywhere.Length)]);
        if (World.Services[name] is { } before && Chance())
        {
            service = before with { Verdict = service.Verdict };
        }

        World.Services = random.Next(8) switch
        {
            0 => World.Services.Without(name),
            1 => World.Services.With(name, service with { Carrier = null }),
            2 => World.Services.With(name, service with { Leaving = true, Reason = new DisabledInFile() }),
            3 => World.Services.With(name, service with { Leaving = true, Reason = new NotConfigured() }),
            4 => World.Services.With(name, service with { Service = service.Service with { Labels = Label() } }),
            _ => World.Services.With(name, service),
        };
    }

    private void ChangeNodes()
    {
        var name = Nodes[random.Next(2)];
        if (Chance())
        {
            var node = new Node
            {
                Name = name,
                Enabled = random.Next(4) > 0,
                Labels = Label(),
            };
            World.Edit(snapshot =>
                snapshot with
                {
                    Nodes = random.Next(4) == 0 ? snapshot.Nodes.Without(name) : snapshot.Nodes.With(node),
                }
            );
            return;
        }

        World.Override(
            new()
            {
                Target = new(OverrideTargetKind.Node, name),
                Action = (OverrideAction)random.Next(4),
                Owner = "alice",
                Since = World.Now,
                Expires = Chance() ? null : World.Now + TimeSpan.FromSeconds(random.Next(5)),
            }
        );
    }

    private void ChangePlanes()
    {
        if (random.Next(3) > 0)
        {
            World.Carry("s", "t", "u");
            return;
        }

        var planes = World.Inputs.Observed.Planes;
        var table = planes[PlaneKind.Proxy] ?? PlaneTable.Empty;
        planes = planes.With(PlaneKind.Proxy, table with { Services = table.Services.Without(Pick("stu")) });
        World.Inputs = World.Inputs with { Observed = World.Inputs.Observed with { Planes = planes } };
    }

    /// <summary>Some of what is wanted came to be, and some of what is not wanted went; rarely something is lost.</summary>
    private Map<TKey, TValue> Towards<TKey, TValue>(Map<TKey, TValue> observed, Map<TKey, TValue> wanted)
        where TKey : notnull
        where TValue : class
    {
        // The order of a map differs from process to process, but a seed shall repeat what happened.
        foreach (var (key, _, after) in wanted.ChangesSince(observed).OrderBy(Text, StringComparer.Ordinal))
        {
            if (Chance())
            {
                observed = after is null ? observed.Without(key) : observed.With(key, after);
            }
        }

        foreach (var key in observed.Keys.OrderBy(key => key.ToString(), StringComparer.Ordinal))
        {
            observed = random.Next(60) == 0 ? observed.Without(key) : observed;
        }

        return observed;

        static string Text(MapChange<TKey, TValue> change) => change.Key.ToString()!;
    }

    private bool Chance() => random.Next(2) == 0;

    private string Pick(string names) => names[random.Next(names.Length)].ToString();

    private Labels Label() => Chance() ? Labels.Empty : Labels.From([new("tier", Pick("mn"))]);

    private Selector Selects() =>
        random.Next(3) > 0 ? Selector.Everything : new([new("tier", SelectorOperator.In, [Pick("mn")])]);
}
