using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration.Language;

internal static class MatchShape
{
    private static readonly Shape<Items<FieldMatch>> Fields = Patterns
        .Text.List()
        .Pairs(
            Scalars.Word,
            (field, patterns) => new FieldMatch(field, patterns),
            match => match.Field,
            match => match.Patterns
        );

    private static readonly DeferredShape<Match> Inner = new(() => Shape!);

    public static ObjectShape<Match> Shape { get; } =
        new ObjectShape<Match>(
            "match",
            "What a session must be like: all keys must hold, within a key any one of the alternatives.",
            new Match()
        )
            .Field(
                "host",
                Patterns.Text.List(),
                match => match.Host,
                (match, value) => match with { Host = value },
                "HTTP host, without port."
            )
            .Field(
                "path",
                Patterns.Text.List(),
                match => match.Path,
                (match, value) => match with { Path = value },
                "HTTP path: /api/*."
            )
            .Field(
                "method",
                Scalars.Word.List(),
                match => match.Method,
                (match, value) => match with { Method = value },
                "HTTP method."
            )
            .Field(
                "sni",
                Patterns.Text.List(),
                match => match.Sni,
                (match, value) => match with { Sni = value },
                "TLS server name; an empty one in quotes holds for clients that send none."
            )
            .Field(
                "alpn",
                Scalars.Word.List(),
                match => match.Alpn,
                (match, value) => match with { Alpn = value },
                "Application protocol that the client offers in TLS."
            )
            .Field(
                "source",
                Networks.Prefix.List(),
                match => match.Source,
                (match, value) => match with { Source = value },
                "Networks that clients come from."
            )
            .Field(
                "port",
                Networks.Ports.List(),
                match => match.Port,
                (match, value) => match with { Port = value },
                "The port that the client connected to."
            )
            .Field(
                "fields",
                Fields,
                match => match.Fields,
                (match, value) => match with { Fields = value },
                "Any field of the session's metadata by its path, such as http.headers.x-user; without a pattern: it must be there."
            )
            .Field(
                "any",
                Inner.List(),
                match => match.Any,
                (match, value) => match with { Any = value },
                "At least one of these must hold."
            )
            .Field(
                "not",
                Inner,
                match => match.Not,
                (match, value) => match with { Not = value },
                "This must not hold."
            );
}
