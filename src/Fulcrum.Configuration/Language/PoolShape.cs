using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Pools;

namespace Fulcrum.Configuration.Language;

internal static class PoolShape
{
    private static readonly Shape<PoolRange> Range = new ObjectShape<PoolRange>(
        "pool-range",
        "A run of addresses.",
        new PoolRange(null!, null)
    )
        .Required(
            "range",
            Networks.Range,
            item => item.Range,
            (item, value) => item with { Range = value },
            "First and last, or a network."
        )
        .Optional(
            "subnet",
            Scalars.Integer(1, 128),
            item => item.SubnetLength,
            (item, value) => item with { SubnetLength = value },
            "Length of the network they live in, when it is wider."
        )
        .Or(Networks.Range, range => new PoolRange(range, null), item => item.Range);

    public static Shape<AddressPool> Shape { get; } =
        new ObjectShape<AddressPool>("pool", "Addresses that may be given to services.", new AddressPool { Name = "" })
            .Field(
                "addresses",
                Range.List(),
                pool => pool.Ranges,
                (pool, value) => pool with { Ranges = value },
                "Networks or ranges."
            )
            .Field(
                "automatic",
                Scalars.Boolean,
                pool => pool.Automatic,
                (pool, value) => pool with { Automatic = value },
                "Given without being asked for by name."
            )
            .Field(
                "priority",
                Scalars.Count,
                pool => pool.Priority,
                (pool, value) => pool with { Priority = value },
                "The lowest number is tried first."
            )
            .Field(
                "services",
                SelectorShape.Shape,
                pool => pool.Services,
                (pool, value) => pool with { Services = value },
                "Labels of services that may have from it; left out: all."
            )
            .Field(
                "namespaces",
                Scalars.Name.List(),
                pool => pool.Namespaces,
                (pool, value) => pool with { Namespaces = value },
                "Kubernetes namespaces that may have from it; left out: all."
            )
            .Field(
                "namespace-labels",
                SelectorShape.Shape,
                pool => pool.NamespaceLabels,
                (pool, value) => pool with { NamespaceLabels = value },
                "Labels of such namespaces."
            )
            .Field(
                "avoid-buggy",
                Scalars.Boolean,
                pool => pool.AvoidBuggy,
                (pool, value) => pool with { AvoidBuggy = value },
                "Never the first and last address of an IPv4 /24: some devices drop them."
            )
            .Field(
                "order",
                Words.Of<PoolOrder>(),
                pool => pool.Order,
                (pool, value) => pool with { Order = value },
                "The first free one, or from the range that is used least."
            )
            .Field(
                "vip",
                VipShape.Template,
                pool => pool.Vip,
                (pool, value) => pool with { Vip = value },
                "How the vips made from it behave."
            )
            .Field(
                "labels",
                Maps.Labels,
                pool => pool.Labels,
                (pool, value) => pool with { Labels = value },
                "Keys and values of your own."
            );
}
