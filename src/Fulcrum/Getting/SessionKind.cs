using Fulcrum.Api.Sessions;
using Fulcrum.Output;

namespace Fulcrum.Getting;

internal static class SessionKind
{
    public static ObjectKind Kind { get; } =
        new DocumentKind<SessionDocument>(
            "session",
            "sessions",
            NodeJson.Lenient.SessionDocument,
            session => [session.Id],
            new(new("ID"), (session, _) => session.Id),
            new(new("SERVICE") { Least = 8, Drop = 4 }, (session, _) => session.Service),
            new(new("CLIENT") { Least = 15, KeepsEnd = true }, (session, _) => session.Client),
            new(new("BACKEND") { Least = 15, KeepsEnd = true }, (session, _) => Backend(session)),
            new(new("STATE"), (session, _) => State(session.State)),
            new(
                new("AGE") { Right = true, Drop = 3 },
                (session, _) => Spans.Age(TimeSpan.FromSeconds(session.AgeSeconds))
            )
            {
                Moves = true,
            },
            new(new("IN") { Right = true, Drop = 5 }, (session, _) => Amounts.Bytes(session.BytesIn)) { Moves = true },
            new(new("OUT") { Right = true, Drop = 5 }, (session, _) => Amounts.Bytes(session.BytesOut))
            {
                Moves = true,
            },
            new(new("LISTENER") { Wide = true, Drop = 9 }, (session, _) => session.Listener)
        )
        {
            HasPages = true,
            Filters = ["service", "upstream", "backend", "client"],
        };

    private static Cell Backend(SessionDocument session) =>
        session.Backend is null ? Tones.Dim("none") : $"{session.Upstream}/{session.Backend}";

    private static Cell State(string state) =>
        new(
            state,
            state switch
            {
                "connecting" or "draining" or "waiting" => Tone.Warning,
                "closing" => Tone.Dim,
                _ => Tone.Plain,
            }
        );
}
