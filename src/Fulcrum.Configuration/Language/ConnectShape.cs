using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Configuration.Language;

internal static class ConnectShape
{
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
