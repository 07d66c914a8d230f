using Fulcrum.Configuration.Shapes;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration.Language;

internal static class RouteShape
{
    private static readonly Shape<Reject> Rejection = new ScalarShape<Reject>(
        "an HTTP status such as 403, or close",
        ParseRejection,
        reject => reject.Code is { } code ? $"{code}" : "close"
    )
    {
        Types = ["integer"],
        Pattern = "close|[0-9]+",
        Minimum = 400,
        Maximum = 599,
    };

    // Nothing after a field takes it away; an empty text in quotes is a value.
    private static readonly Shape<Items<Rewrite>> Rewrites = Scalars
        .FreeText.OrNothing()
        .Pairs(
            Scalars.Word,
            (field, value) => new Rewrite(field, value),
            rewrite => rewrite.Field,
            rewrite => rewrite.Value
        );

    public static ObjectShape<Route> Shape { get; } =
        new ObjectShape<Route>(
            "route",
            "Match, then rewrite, then an upstream, a rejection or another list.",
            new Route { Action = null! }
        )
            .Field(
                "match",
                MatchShape.Shape,
                route => route.Match,
                (route, value) => route with { Match = value },
                "What a session must be like; left out: everything."
            )
            .Field(
                "rewrite",
                Rewrites,
                route => route.Rewrite,
                (route, value) => route with { Rewrite = value },
                "Fields of the session's metadata that are set, or, with nothing after the colon, removed."
            )
            .Case(
                "upstream",
                Scalars.Name.To(name => new ToUpstream(name), to => to.Upstream),
                route => route.Action as ToUpstream,
                To,
                "On to this upstream."
            )
            .Case(
                "goto",
                Scalars.Name.To(name => new Goto(name), to => to.RouteList),
                route => route.Action as Goto,
                To,
                "On to this route list; what matches nothing there is rejected."
            )
            .Case(
                "reject",
                Rejection,
                route => route.Action as Reject,
                To,
                "Refused, with this HTTP status or by closing the connection."
            )
            .Field(
                "ingress",
                Scalars.Name.List(),
                route => route.Ingress,
                (route, value) => route with { Ingress = value },
                "Stages on the way to the backend, in order."
            )
            .Field(
                "egress",
                Scalars.Name.List(),
                route => route.Egress,
                (route, value) => route with { Egress = value },
                "Stages on the way back, in order."
            )
            .Field(
                "retry",
                ConnectShape.Retry,
                route => route.Retry,
                (route, value) => route with { Retry = value },
                "When another backend is tried."
            );

    public static Shape<RouteList> List { get; } =
        Shape.List().To(routes => new RouteList { Name = "", Routes = routes }, list => list.Routes);

    private static Route To(Route route, RouteAction action) => route with { Action = action };

    private static bool ParseRejection(string text, out Reject value, out string? why)
    {
        why = null;
        var isCode = int.TryParse(text, out var code) && code is >= 400 and <= 599;
        value = new(isCode ? code : null);
        return isCode || text == "close";
    }
}
