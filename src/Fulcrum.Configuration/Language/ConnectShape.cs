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

    private static readonly Shape<Tunnel> Tunnel = new ObjectShape<Tunnel>(
        "tunnel",
        "What packets are wrapped into on their way to a backend.",
        new Tunnel()
    )
        .Field(
            "kind",
            Words.Of<TunnelKind>(),
            tunnel => tunnel.Kind,
            (tunnel, value) => tunnel with { Kind = value },
            "IP in IP, generic routing encapsulation, or generic UDP encapsulation."
        )
        .Field(
            "port",
            Scalars.Integer(1, 65535),
            tunnel => tunnel.Port,
            (tunnel, value) => tunnel with { Port = value },
            "For gue: the UDP port where the backend unwraps."
        )
        .Field(
            "checksum",
            Scalars.Boolean,
            tunnel => tunnel.Checksum,
            (tunnel, value) => tunnel with { Checksum = value },
            "For gre and gue: the outer header has a checksum."
        )
        .Or(Words.Of<TunnelKind>(), kind => new Tunnel { Kind = kind }, tunnel => tunnel.Kind);

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

    private static readonly Shape<ProxyHeaderSpec> Header = new ObjectShape<ProxyHeaderSpec>(
        "proxy-header",
        "A PROXY header that tells backends who the client is.",
        new ProxyHeaderSpec()
    )
        .Field(
            "version",
            Words.Of<ProxyProtocolVersion>(),
            header => header.Version,
            (header, value) => header with { Version = value },
            "v1 is a line of text, v2 is binary and can say more."
        )
        .Field(
            "fields",
            Words.Of<ProxyHeaderField>().List(),
            header => header.Fields,
            (header, value) => header with { Fields = value },
            "For v2: what it says beside the addresses."
        )
        .Or(
            Words.Of<ProxyProtocolVersion>(),
            version => new ProxyHeaderSpec { Version = version },
            header => header.Version
        );

    public static ObjectShape<ConnectOptions> Shape { get; } =
        new ObjectShape<ConnectOptions>("connect", "How backends are connected to.", ConnectOptions.Unset)
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
                TlsShapes.BackendConnection.OrSwitch(),
                connect => connect.Tls,
                (connect, value) => connect with { Tls = value },
                "TLS towards them."
            )
            .Field(
                "proxy-protocol",
                Header,
                connect => connect.ProxyProtocol,
                (connect, value) => connect with { ProxyProtocol = value },
                "A PROXY header tells them the client's address (built in: off)."
            )
            .Field(
                "source",
                Networks.Address.List(),
                connect => connect.Source,
                (connect, value) => connect with { Source = value },
                "Addresses that connections come from, each in turn; of those only the backend's family counts. With forward: nat the kernel puts the first of them in the client's place (source NAT): backends answer without a change of their routes, but do not see who the client is."
            )
            .Optional(
                "source-ports",
                Networks.Ports,
                connect => connect.SourcePorts,
                (connect, value) => connect with { SourcePorts = value },
                "Ports that connections come from."
            )
            .Field(
                "arguments",
                Scalars.Text.List(),
                connect => connect.Arguments,
                (connect, value) => connect with { Arguments = value },
                "For protocol exec: what the program is given."
            )
            .Optional(
                "framing",
                Words.Of<Framing>(),
                connect => connect.Framing,
                (connect, value) => connect with { Framing = value },
                "How datagrams are told apart in a stream, where only one of listener and backend speaks datagrams: not at all, or by their length in 16 bits before each, as in DNS over TCP (built in: none)."
            )
            .Optional(
                "transparent",
                Scalars.Boolean,
                connect => connect.Transparent,
                (connect, value) => connect with { Transparent = value },
                "Connections come from the client's own address (TPROXY)."
            )
            .Lift(SocketShape.Shape, connect => connect.Socket, (connect, value) => connect with { Socket = value })
            .Field(
                "tunnel",
                Tunnel,
                connect => connect.Tunnel,
                (connect, value) => connect with { Tunnel = value },
                "What packets are wrapped into when forwarding is tunnel (built in: ipip)."
            );
}
