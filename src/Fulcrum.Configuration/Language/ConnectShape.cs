using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Configuration.Language;

internal static class ConnectShape
{
    private static readonly Shape<RetryBudget> Budget = new ObjectShape<RetryBudget>(
        "retry-budget",
        "Bounds the retries of a service, over ten seconds.",
        new RetryBudget { Share = 0 }
    )
        .Required(
            "share",
            Quantities.Share,
            budget => budget.Share,
            (budget, value) => budget with { Share = value },
            "Of the sessions that began: so many may be retries."
        )
        .Field(
            "minimum",
            Scalars.Integer(0, 1_000_000),
            budget => budget.Minimum,
            (budget, value) => budget with { Minimum = value },
            "So many a second may be in any case."
        )
        .Or(Quantities.Share, share => new RetryBudget { Share = share }, budget => budget.Share);

    private static readonly Shape<ConnectQueue> Queue = new ObjectShape<ConnectQueue>(
        "queue",
        "A connection waits its turn while all backends that could serve it have as many as they may have.",
        new ConnectQueue { Size = 0 }
    )
        .Required(
            "size",
            Scalars.PositiveCount,
            queue => queue.Size,
            (queue, value) => queue with { Size = value },
            "So many wait at most; who comes then is refused."
        )
        .Field(
            "timeout",
            Quantities.PositiveDuration,
            queue => queue.Timeout,
            (queue, value) => queue with { Timeout = value },
            "For so long at most."
        )
        .Or(Scalars.PositiveCount, size => new ConnectQueue { Size = size }, queue => queue.Size);

    public static Shape<Retry> Retry { get; } =
        new ObjectShape<Retry>("retry", "When and how often another backend is tried.", new Retry())
            .Field(
                "on",
                Words.Of<RetryReason>().List(),
                retry => retry.On,
                (retry, value) => retry with { On = value },
                "What must have happened."
            )
            .Field(
                "attempts",
                Scalars.Integer(0, 100),
                retry => retry.Attempts,
                (retry, value) => retry with { Attempts = value },
                "Further attempts after the first."
            )
            .Field(
                "wait",
                Quantities.Duration,
                retry => retry.Wait,
                (retry, value) => retry with { Wait = value },
                "Pause before each."
            )
            .Field(
                "budget",
                Budget,
                retry => retry.Budget,
                (retry, value) => retry with { Budget = value },
                "How many there may be in all, so that a service that fails is not asked for more; left out: no bound."
            )
            .Or(Scalars.Integer(0, 100), attempts => new Retry { Attempts = attempts }, retry => retry.Attempts);

    public static ObjectShape<ConnectOptions> Shape { get; } =
        new ObjectShape<ConnectOptions>("connect", "How backends are connected to.", new ConnectOptions())
            .Optional(
                "protocol",
                Words.Of((ConnectProtocol.WebSocket, "websocket"), (ConnectProtocol.JsonSocket, "jsonsocket")),
                connect => connect.Protocol,
                (connect, value) => connect with { Protocol = value },
                "What is spoken to them; same is what the listener speaks, below TLS (built in: same)."
            )
            .Field(
                "path",
                Scalars.Word,
                connect => connect.Path,
                (connect, value) => connect with { Path = value },
                "For WebSocket and HTTP: the path asked for."
            )
            .Optional(
                "timeout",
                Quantities.PositiveDuration,
                connect => connect.Timeout,
                (connect, value) => connect with { Timeout = value },
                "Connecting takes at most this long (built in: 2s)."
            )
            .Field(
                "retry",
                Retry,
                connect => connect.Retry,
                (connect, value) => connect with { Retry = value },
                "When another backend is tried (built in: once, if connecting fails)."
            )
            .Field(
                "queue",
                Queue,
                connect => connect.Queue,
                (connect, value) => connect with { Queue = value },
                "Who waits when all backends have as many connections as they may have (built in: nobody)."
            )
            .Field(
                "tls",
                TlsShapes.Connection.OrSwitch(),
                connect => connect.Tls,
                (connect, value) => connect with { Tls = value },
                "TLS towards them."
            )
            .Optional(
                "proxy-protocol",
                Words.Of<ProxyProtocolVersion>(),
                connect => connect.ProxyProtocol,
                (connect, value) => connect with { ProxyProtocol = value },
                "A PROXY header tells them the client's address (built in: off)."
            )
            .Field(
                "source",
                Networks.Address.List(),
                connect => connect.Source,
                (connect, value) => connect with { Source = value },
                "Addresses that connections come from."
            )
            .Optional(
                "transparent",
                Scalars.Boolean,
                connect => connect.Transparent,
                (connect, value) => connect with { Transparent = value },
                "Connections come from the client's own address (TPROXY)."
            )
            .Optional(
                "mark",
                Scalars.Unsigned(0),
                connect => connect.Mark,
                (connect, value) => connect with { Mark = value },
                "Firewall mark on the connections."
            )
            .Optional(
                "tunnel",
                Words.Of<TunnelKind>(),
                connect => connect.Tunnel,
                (connect, value) => connect with { Tunnel = value },
                "Encapsulation when forwarding is tunnel (built in: ipip)."
            );
}
