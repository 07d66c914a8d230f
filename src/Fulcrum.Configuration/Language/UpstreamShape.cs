using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Configuration.Language;

internal static class UpstreamShape
{
    public static Upstream Blank { get; } = new() { Name = "" };

    private static readonly ScalarShape<RecoveryMode> RecoveryWord = Words.Of<RecoveryMode>();

    private static readonly Shape<Recovery> Recovery = new ObjectShape<Recovery>(
        "recovery",
        "How a backend that was down comes back to its weight.",
        new Recovery()
    )
        .Field(
            "mode",
            RecoveryWord,
            recovery => recovery.Mode,
            (recovery, value) => recovery with { Mode = value },
            "At once, growing with time (slow-start), or by the share of good results (history)."
        )
        .Field(
            "ramp",
            Quantities.PositiveDuration,
            recovery => recovery.Ramp,
            (recovery, value) => recovery with { Ramp = value },
            "For slow-start: until full weight."
        )
        .Field(
            "samples",
            Scalars.Integer(1, 10_000),
            recovery => recovery.Samples,
            (recovery, value) => recovery with { Samples = value },
            "For history: how many results count."
        )
        .Or(RecoveryWord, mode => new Recovery { Mode = mode }, recovery => recovery.Mode);

    private static readonly Shape<SuccessRate> SuccessRate = new ObjectShape<SuccessRate>(
        "success-rate",
        "How many of the connections of the last while must have succeeded.",
        new SuccessRate()
    )
        .Field(
            "below",
            Quantities.Share,
            rate => rate.Below,
            (rate, value) => rate with { Below = value },
            "A smaller share of successful connections ejects it. One is successful when the backend takes it and does not reset it before its first byte."
        )
        .Field(
            "requests",
            Scalars.Integer(1, 1_000_000),
            rate => rate.Requests,
            (rate, value) => rate with { Requests = value },
            "Of fewer connections in the window nothing is concluded."
        )
        .Field(
            "window",
            Quantities.DurationFrom(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            rate => rate.Window,
            (rate, value) => rate with { Window = value },
            "How long a connection counts."
        )
        .Or(Quantities.Share, share => new SuccessRate { Below = share }, rate => rate.Below);

    private static readonly ObjectShape<Ejection> Ejection = new ObjectShape<Ejection>(
        "eject",
        "Real traffic that fails takes a backend out for a while.",
        new Ejection()
    )
        .Field(
            "consecutive-failures",
            Scalars.PositiveCount,
            eject => eject.ConsecutiveFailures,
            (eject, value) => eject with { ConsecutiveFailures = value },
            "Failures in a row that eject it."
        )
        .Field(
            "success-rate",
            SuccessRate,
            eject => eject.SuccessRate,
            (eject, value) => eject with { SuccessRate = value },
            "A share of successful connections below which it is ejected too, whatever fails in a row."
        )
        .Field(
            "for",
            Quantities.PositiveDuration,
            eject => eject.For,
            (eject, value) => eject with { For = value },
            "How long it stays out; twice as long each time that it happens again before it was in for so long."
        )
        .Field(
            "most",
            Quantities.PositiveDuration,
            eject => eject.Most,
            (eject, value) => eject with { Most = value },
            "It does not stay out longer than this, unless 'for' is longer."
        )
        .Field(
            "at-most",
            Quantities.Amount,
            eject => eject.AtMost,
            (eject, value) => eject with { AtMost = value },
            "Never more of the upstream than this."
        );

    /// <summary>What says where backends are and how they are reached: these keys may also stand in a service.</summary>
    public static ObjectShape<Upstream> Members { get; } =
        new ObjectShape<Upstream>("members", "Where backends are, and how they are reached.", Blank)
            .Field(
                "backends",
                BackendShape.Shape.List(),
                upstream => upstream.Backends,
                (upstream, value) => upstream with { Backends = value },
                "Its members: addresses, or objects with more to say."
            )
            .Field(
                "discover",
                DiscoveryShape.Shape,
                upstream => upstream.Discover,
                (upstream, value) => upstream with { Discover = value },
                "Where more backends are found at run time."
            )
            .Field(
                "connect",
                ConnectShape.Shape,
                upstream => upstream.Connect,
                (upstream, value) => upstream with { Connect = value },
                "How backends are connected to."
            )
            .Optional(
                "by-sni",
                Words.Of<BySni>(),
                upstream => upstream.BySni,
                (upstream, value) => upstream with { BySni = value },
                "Only backends whose sni holds the client's TLS server name are eligible; this says where the others go: to backends without sni (default), nowhere (refuse), or to any."
            )
            .Field(
                "recovery",
                Recovery,
                upstream => upstream.Recovery,
                (upstream, value) => upstream with { Recovery = value },
                "How a backend that was down comes back to its weight."
            )
            .Field(
                "eject",
                Ejection.OrSwitch(),
                upstream => upstream.Eject,
                (upstream, value) => upstream with { Eject = value },
                "Real traffic that fails takes a backend out for a while."
            )
            .Field(
                "broadcast-by",
                Scalars.Word,
                upstream => upstream.BroadcastBy,
                (upstream, value) => upstream with { BroadcastBy = value },
                "Sessions that agree in this field of their metadata hear each other."
            );

    public static ObjectShape<Upstream> Shape { get; } =
        new ObjectShape<Upstream>("upstream", "A named group of backends.", Blank)
            .Lift(Members, upstream => upstream, (_, upstream) => upstream)
            .Lift(PolicyShape.Shape, upstream => upstream.Policy, (upstream, value) => upstream with { Policy = value })
            .Field(
                "labels",
                Maps.Labels,
                upstream => upstream.Labels,
                (upstream, value) => upstream with { Labels = value },
                "Keys and values of your own."
            );
}
