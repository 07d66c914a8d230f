using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Services;

namespace Fulcrum.Configuration.Language;

internal static class SessionShape
{
    private static readonly Shape<DrainOptions> Drain = new ObjectShape<DrainOptions>(
        "drain",
        "No new connections, existing ones finish, until a deadline.",
        DrainOptions.Default
    )
        .Field(
            "deadline",
            Quantities.Duration,
            drain => drain.Deadline,
            (drain, value) => drain with { Deadline = value },
            "What is left then is cut off."
        )
        .Field(
            "remembered",
            Words.Of<RememberedClients>(),
            drain => drain.Remembered,
            (drain, value) => drain with { Remembered = value },
            "Clients that persistence binds to a draining backend may still come (finish), or are given another at once (move)."
        )
        .Or(Quantities.Duration, deadline => new DrainOptions { Deadline = deadline }, drain => drain.Deadline);

    public static ObjectShape<SessionOptions> Shape { get; } =
        new ObjectShape<SessionOptions>(
            "sessions",
            "How the proxy plane keeps the sessions of a service.",
            SessionOptions.Default
        )
            .Optional(
                "idle-timeout",
                Quantities.PositiveDuration,
                sessions => sessions.IdleTimeout,
                (sessions, value) => sessions with { IdleTimeout = value },
                "A session without a byte in either direction for this long ends (built in: 10m for streams, 30s for UDP)."
            )
            .Field(
                "max-udp-sessions",
                Scalars.Integer(1, 10_000_000),
                sessions => sessions.MaxUdpSessions,
                (sessions, value) => sessions with { MaxUdpSessions = value },
                "UDP: concurrent sessions of each address and port of a listener; past it the least recently used goes."
            )
            .Optional(
                "udp-requests",
                Scalars.PositiveCount,
                sessions => sessions.UdpRequests,
                (sessions, value) => sessions with { UdpRequests = value },
                "UDP: after so many datagrams from the client a session only waits for answers, and the next one begins another session (with udp-responses 0: 1)."
            )
            .Optional(
                "udp-responses",
                Scalars.Count,
                sessions => sessions.UdpResponses,
                (sessions, value) => sessions with { UdpResponses = value },
                "UDP: a session ends after so many datagrams from the backend; with 0 after the last from the client."
            )
            .Field(
                "one-packet",
                Scalars.Boolean,
                sessions => sessions.OnePacket,
                (sessions, value) => sessions with { OnePacket = value },
                "UDP in the kernel: every datagram is balanced for itself."
            )
            .Field(
                "track",
                Quantities.Duration,
                sessions => sessions.Track,
                (sessions, value) => sessions with { Track = value },
                "Ended sessions stay listed for this long."
            )
            .Field(
                "drain",
                Drain,
                sessions => sessions.Drain,
                (sessions, value) => sessions with { Drain = value },
                "What happens to established sessions when the service stops or a backend drains."
            );
}
