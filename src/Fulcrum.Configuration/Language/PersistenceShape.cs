using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Configuration.Language;

internal static class PersistenceShape
{
    /// <summary>More clients than this are not for one node.</summary>
    public const int LargestTable = 10_000_000;

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
                "How long a client is remembered after its last connection has ended."
            )
            .Field(
                "by",
                Words.Of<ClientIdentity>(),
                persist => persist.By,
                (persist, value) => persist with { By = value },
                "By what a client is known again; the Call-ID of SIP only over UDP, and only the kernel reads it."
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
                "IPv6 clients that agree in so many leading bits count as one; 64 knows one whose system changes its address."
            )
            .Field(
                "table-size",
                Scalars.Integer(1, LargestTable),
                persist => persist.TableSize,
                (persist, value) => persist with { TableSize = value },
                "Remembered clients at most; past it, of those without connections, the one unseen for longest is forgotten."
            )
            .Or(
                Quantities.PositiveDuration,
                timeout => new Persistence { Timeout = timeout },
                persist => persist.Timeout
            );
}
