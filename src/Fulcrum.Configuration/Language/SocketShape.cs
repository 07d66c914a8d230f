using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Sockets;

namespace Fulcrum.Configuration.Language;

/// <summary>The keys of a socket, which may stand on a listener and where backends are connected to.</summary>
internal static class SocketShape
{
    private static readonly SwitchShape<KeepAlive> KeepAlive = new ObjectShape<KeepAlive>(
        "keep-alive",
        "TCP's own sign of life on a connection that says nothing; what is left out is as the machine has it.",
        new KeepAlive()
    )
        .Optional(
            "idle",
            Quantities.PositiveDuration,
            keep => keep.Idle,
            (keep, value) => keep with { Idle = value },
            "After so long without a byte the peer is asked; whole seconds."
        )
        .Optional(
            "interval",
            Quantities.PositiveDuration,
            keep => keep.Interval,
            (keep, value) => keep with { Interval = value },
            "And then so often; whole seconds."
        )
        .Optional(
            "probes",
            Scalars.Integer(1, 127),
            keep => keep.Probes,
            (keep, value) => keep with { Probes = value },
            "After so many questions without an answer it is taken for dead."
        )
        .OrSwitch();

    public static ObjectShape<SocketTuning> Shape { get; } =
        new ObjectShape<SocketTuning>("socket", "What the kernel is told of a socket.", SocketTuning.Unset)
            .Field(
                "keep-alive",
                KeepAlive,
                tuning => tuning.KeepAlive,
                (tuning, value) => tuning with { KeepAlive = value },
                "TCP: the peer of a silent connection is asked whether it is still there."
            )
            .Optional(
                "user-timeout",
                Quantities.PositiveDuration,
                tuning => tuning.UserTimeout,
                (tuning, value) => tuning with { UserTimeout = value },
                "TCP: what was sent and not acknowledged for so long ends the connection."
            )
            .Optional(
                "fast-open",
                Scalars.Boolean,
                tuning => tuning.FastOpen,
                (tuning, value) => tuning with { FastOpen = value },
                "TCP: data may come with the first packet, for clients and backends that have met before."
            )
            .Optional(
                "mark",
                Scalars.Unsigned(0),
                tuning => tuning.Mark,
                (tuning, value) => tuning with { Mark = value },
                "Firewall mark of the packets."
            )
            .Optional(
                "dscp",
                Scalars.Integer(0, 63),
                tuning => tuning.Dscp,
                (tuning, value) => tuning with { Dscp = value },
                "Differentiated services code point of the packets."
            );
}
