using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Configuration.Language;

internal static class PersistenceShape
{
    private const int LargestTable = 10_000_000;

    public static Shape<Persistence> Shape { get; } =
        new ObjectShape<Persistence>(
            "persist",
            "A client comes back to the backend it had.",
            new Persistence { Timeout = TimeSpan.Zero }
        )
            .Required(
                "timeout",
                Quantities.PositiveDuration,
                persist => persist.Timeout,
                (persist, value) => persist with { Timeout = value },
                "How long after its last connection a client is remembered."
            )
            .Field(
                "mask-ipv4",
                Scalars.Integer(0, 32),
                persist => persist.MaskIpv4,
                (persist, value) => persist with { MaskIpv4 = value },
                "IPv4 clients that agree in so many leading bits count as one."
            )
            .Field(
                "mask-ipv6",
                Scalars.Integer(0, 128),
                persist => persist.MaskIpv6,
                (persist, value) => persist with { MaskIpv6 = value },
                "IPv6 clients that agree in so many leading bits count as one."
            )
            .Field(
                "table-size",
                Scalars.Integer(1, LargestTable),
                persist => persist.TableSize,
                (persist, value) => persist with { TableSize = value },
                "Remembered clients at most; past it the one unseen for longest is forgotten."
            )
            .Or(
                Quantities.PositiveDuration,
                timeout => new Persistence { Timeout = timeout },
                persist => persist.Timeout
            );
}
