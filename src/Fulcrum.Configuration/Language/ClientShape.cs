using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Services;

namespace Fulcrum.Configuration.Language;

internal static class ClientShape
{
    public static ObjectShape<ClientRules> Shape { get; } =
        new ObjectShape<ClientRules>(
            "client",
            "Who may use a service, and how much. The most specific network that holds a client decides.",
            ClientRules.None
        )
            .Field(
                "allow",
                Networks.Prefix.List(),
                client => client.Allow,
                (client, value) => client with { Allow = value },
                "Networks of clients that are admitted; with any, all others are refused."
            )
            .Field(
                "deny",
                Networks.Prefix.List(),
                client => client.Deny,
                (client, value) => client with { Deny = value },
                "Networks of clients that are refused."
            )
            .Optional(
                "max-connections",
                Scalars.PositiveCount,
                client => client.MaxConnections,
                (client, value) => client with { MaxConnections = value },
                "Concurrent connections of the service."
            )
            .Optional(
                "max-connections-per-address",
                Scalars.PositiveCount,
                client => client.MaxConnectionsPerAddress,
                (client, value) => client with { MaxConnectionsPerAddress = value },
                "Concurrent connections, or UDP sessions, from one client address."
            )
            .Optional(
                "rate-per-address",
                Scalars.PositiveCount,
                client => client.RatePerAddress,
                (client, value) => client with { RatePerAddress = value },
                "New connections, or UDP sessions, a second from one client address."
            )
            .Optional(
                "burst-per-address",
                Scalars.PositiveCount,
                client => client.BurstPerAddress,
                (client, value) => client with { BurstPerAddress = value },
                "So many may come at once before the rate holds (built in: as many as in a second)."
            )
            .Field(
                "mask-ipv4",
                Scalars.Integer(0, 32),
                client => client.MaskIpv4,
                (client, value) => client with { MaskIpv4 = value },
                "To these limits, IPv4 addresses that agree in so many leading bits are one."
            )
            .Field(
                "mask-ipv6",
                Scalars.Integer(0, 128),
                client => client.MaskIpv6,
                (client, value) => client with { MaskIpv6 = value },
                "To these limits, IPv6 addresses that agree in so many leading bits are one; who has one has a whole /64."
            )
            .Field(
                "table-size",
                Scalars.Integer(1, PersistenceShape.LargestTable),
                client => client.TableSize,
                (client, value) => client with { TableSize = value },
                "Addresses watched at most: past it those without connections make room; when all have some, new ones are refused."
            )
            .Field(
                "proxy-protocol",
                Words.Of<ProxyProtocolAcceptance>(),
                client => client.ProxyProtocol,
                (client, value) => client with { ProxyProtocol = value },
                "A connection from a trusted network may (accept) or must (require) begin with a PROXY header."
            )
            .Field(
                "proxy-protocol-from",
                Networks.Prefix.List(),
                client => client.ProxyProtocolFrom,
                (client, value) => client with { ProxyProtocolFrom = value },
                "Whose PROXY headers are believed."
            )
            .Field(
                "preface-timeout",
                Quantities.PositiveDuration,
                client => client.PrefaceTimeout,
                (client, value) => client with { PrefaceTimeout = value },
                "How long a client may take for what must be known before a backend is chosen: a PROXY header, a TLS hello."
            );
}
