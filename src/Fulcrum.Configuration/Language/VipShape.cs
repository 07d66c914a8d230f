using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Vips;

namespace Fulcrum.Configuration.Language;

internal static class VipShape
{
    private static readonly Shape<VipPlace> Place = new ObjectShape<VipPlace>(
        "place",
        "An interface, in full: for one that is named like one of the words.",
        new OnInterface("")
    )
        .Case(
            "interface",
            Scalars.InterfaceName,
            place => (place as OnInterface)?.Interface,
            (_, name) => new OnInterface(name),
            "Its name."
        )
        .Or(
            new ScalarShape<VipPlace>("none, dummy, auto, or the name of an interface", ParsePlace, FormatPlace)
            {
                Pattern = Scalars.InterfaceName.Pattern,
            },
            place => place,
            place => place
        );

    private const string PlaceAbout =
        "Where it is raised: an interface, none, dummy (an interface that Fulcrum makes), or auto: whichever interface has its network.";
    private const string ActiveAbout = "By the node whose role for it is active (role), or by every node.";
    private const string LifetimeAbout =
        "The kernel drops the address when it is not renewed for so long: a daemon that died or hangs loses it then, and one that restarts or is upgraded in time does not. forever: the kernel keeps it.";

    // Null is a value here, and no key that was left out.
    private static readonly Shape<Lifetime> Life = Quantities.DurationOrForever.To(
        time => new Lifetime(time),
        life => life.Time
    );

    public static ObjectShape<Vip> Shape { get; } =
        new ObjectShape<Vip>("vip", "An address that Fulcrum raises.", new Vip { Name = "" })
            .Required(
                "address",
                Networks.InterfaceAddress.Some(),
                vip => vip.Addresses,
                (vip, value) => vip with { Addresses = value },
                "Raised and withdrawn as one; usually one address, or one of each family."
            )
            .Field("on", Place, vip => vip.On, (vip, value) => vip with { On = value }, PlaceAbout)
            .Field(
                "gateway",
                Networks.Address.Some(),
                vip => vip.Gateways,
                (vip, value) => vip with { Gateways = value },
                "The router that answers from it leave by, for nodes with several uplinks; one of each family. Left out: they go as everything does."
            )
            .Field(
                "up-when",
                Words.Of<UpWhen>(),
                vip => vip.UpWhen,
                (vip, value) => vip with { UpWhen = value },
                "When any or all of the services on it are healthy, or always."
            )
            .Field(
                "active",
                Words.Of<ActiveOn>(),
                vip => vip.Active,
                (vip, value) => vip with { Active = value },
                ActiveAbout
            )
            .Field(
                "lifetime",
                Life,
                vip => new Lifetime(vip.Lifetime),
                (vip, value) => vip with { Lifetime = value.Time },
                LifetimeAbout
            )
            .Field(
                "linger",
                Quantities.Duration,
                vip => vip.Linger,
                (vip, value) => vip with { Linger = value },
                "How long it still stands after its last announcement was taken back: what routers learn late would otherwise be refused."
            )
            .Field(
                "labels",
                Maps.Labels,
                vip => vip.Labels,
                (vip, value) => vip with { Labels = value },
                "Keys and values of your own, for selectors."
            );

    public static ObjectShape<Model.Pools.VipTemplate> Template { get; } =
        new ObjectShape<Model.Pools.VipTemplate>(
            "vip-template",
            "What vips made from a pool are like.",
            Model.Pools.VipTemplate.Default
        )
            .Field("on", Place, vip => vip.On, (vip, value) => vip with { On = value }, PlaceAbout)
            .Field(
                "active",
                Words.Of<ActiveOn>(),
                vip => vip.Active,
                (vip, value) => vip with { Active = value },
                ActiveAbout
            )
            .Field(
                "lifetime",
                Life,
                vip => new Lifetime(vip.Lifetime),
                (vip, value) => vip with { Lifetime = value.Time },
                LifetimeAbout
            );

    private static bool ParsePlace(string text, out VipPlace value, out string? why)
    {
        why = null;
        value = text switch
        {
            "none" => new NoPlace(),
            "dummy" => new OnDummy(),
            "auto" => new OnMatchingInterface(),
            _ => new OnInterface(text),
        };
        return value is not OnInterface || Scalars.IsInterfaceName(text, out why);
    }

    private static string FormatPlace(VipPlace place) =>
        place switch
        {
            NoPlace => "none",
            OnDummy => "dummy",
            OnMatchingInterface => "auto",
            _ => ((OnInterface)place).Interface,
        };

    private sealed record Lifetime(TimeSpan? Time);
}
