using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Checks;

namespace Fulcrum.Configuration.Language;

internal static class CheckShape
{
    private static readonly Check Blank = new() { Probe = null! };

    // The questions that need nothing more than their name.
    private static readonly Dictionary<string, Check> Simple = new(
        (
            (IEnumerable<ProbeSpec>)
                [
                    new IcmpProbe(),
                    new TcpProbe(),
                    new HttpProbe(),
                    ProbeShapes.HttpsBlank,
                    new GrpcProbe(),
                    new AgentProbe(),
                    .. GreetingProbe.Protocols.Select(protocol => new GreetingProbe(protocol)),
                ]
        ).Select(probe => KeyValuePair.Create(probe.Kind, Blank with { Probe = probe })),
        StringComparer.Ordinal
    );

    public static ObjectShape<CheckTiming> Timing { get; } =
        new ObjectShape<CheckTiming>(
            "check-timing",
            "When a check asks and how many answers it takes.",
            CheckTiming.Unset
        )
            .Optional(
                "interval",
                Quantities.DurationFrom(TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1)),
                timing => timing.Interval,
                (timing, value) => timing with { Interval = value },
                "From the start of one probe to the start of the next (built in: 2s)."
            )
            .Optional(
                "fast-interval",
                Quantities.DurationFrom(TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1)),
                timing => timing.FastInterval,
                (timing, value) => timing with { FastInterval = value },
                "Instead of the interval while results speak against the verdict (built in: the interval)."
            )
            .Optional(
                "down-interval",
                Quantities.DurationFrom(TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1)),
                timing => timing.DownInterval,
                (timing, value) => timing with { DownInterval = value },
                "What the interval grows to, by doubling, while a backend stays unhealthy (built in: the interval)."
            )
            .Optional(
                "timeout",
                Quantities.DurationFrom(TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1)),
                timing => timing.Timeout,
                (timing, value) => timing with { Timeout = value },
                "For all phases of a probe together (built in: 1s)."
            )
            .Optional(
                "rise",
                Scalars.Integer(1, 1000),
                timing => timing.Rise,
                (timing, value) => timing with { Rise = value },
                "Good results in a row that make an unhealthy backend healthy (built in: 2)."
            )
            .Optional(
                "fall",
                Scalars.Integer(1, 1000),
                timing => timing.Fall,
                (timing, value) => timing with { Fall = value },
                "Bad results in a row that make a healthy backend unhealthy (built in: 3)."
            );

    public static Shape<Check> Shape { get; } =
        ProbeShapes
            .AddTo(
                new ObjectShape<Check>(
                    "check",
                    "What is asked of a backend, how often, and what counts as healthy.",
                    Blank
                )
            )
            .Lift(Timing, check => check.Timing, (check, timing) => check with { Timing = timing })
            .Field(
                "via",
                Words.Of<CheckVia>(),
                check => check.Via,
                (check, value) => check with { Via = value },
                "The question goes to the backend itself (direct), or to the vip and through the plane (forwarding)."
            )
            .Optional(
                "port",
                Scalars.Port,
                check => check.Port,
                (check, value) => check with { Port = value },
                "Another port than the backend's."
            )
            .Field(
                "source",
                Networks.Address,
                check => check.Source,
                (check, value) => check with { Source = value },
                "The address that probes come from."
            )
            .Field(
                "paused",
                Scalars.Boolean,
                check => check.Paused,
                (check, value) => check with { Paused = value },
                "Not asked for now: what it found last stands."
            )
            .Field(
                "name",
                Scalars.Name,
                check => check.Name,
                (check, value) => check with { Name = value },
                "Tells checks of one backend apart; left out: the kind, and the port where it is set."
            )
            .Or(
                Words.From([.. Simple.Keys]),
                kind => Simple[kind],
                check => Simple.ContainsKey(check.Probe.Kind) ? check.Probe.Kind : "tcp"
            );
}
