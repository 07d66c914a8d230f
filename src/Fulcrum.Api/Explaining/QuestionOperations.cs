using System.Net;
using Fulcrum.Api.Access;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Reasons;
using Fulcrum.Engine.Routing;
using Fulcrum.Engine.Tracing;
using Fulcrum.Model.Values;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Explaining;

/// <summary>Why something is as it is, and what would become of a connection; as text, or as JSON.</summary>
internal static class QuestionOperations
{
    private const int MaxProtocols = 32;

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("explain", HttpMethods.Get, "/explain", "Why something is as it is, all the way down.")
        {
            Parameters =
            [
                new("subject", "what it is about, as KIND/NAME")
                {
                    IsRequired = true,
                    Example = "backend/web/10.0.0.1:80",
                },
            ],
            Answers =
            [
                new(StatusCodes.Status200OK, "The account.", ApiJson.Default.ExplanationDocument),
                new(StatusCodes.Status200OK, "The account as text.", null, "text/plain"),
            ],
            Refusals = [StatusCodes.Status404NotFound],
            Handler = ExplainAsync,
        },
        new("trace", HttpMethods.Get, "/trace", "Where a connection would go, and why.")
        {
            Parameters =
            [
                new("protocol", "of the connection") { IsRequired = true, Words = ["tcp", "udp", "unix"] },
                new("source", "the client, with or without a port; for unix a dash")
                {
                    IsRequired = true,
                    Example = "192.0.2.7:40000",
                },
                new("destination", "address and port that it asks for, or for unix the path")
                {
                    IsRequired = true,
                    Example = "127.0.0.1:8080",
                },
                new("sni", "the TLS server name that the client sends") { Example = "www.example.com" },
                new("alpn", "the application protocols that it offers in TLS, with commas") { Example = "h2,http/1.1" },
            ],
            Answers =
            [
                new(StatusCodes.Status200OK, "The way.", ApiJson.Default.TraceDocument),
                new(StatusCodes.Status200OK, "The way as text.", null, "text/plain"),
            ],
            Handler = TraceAsync,
        },
    ];

    private static async Task ExplainAsync(HttpContext context, NodeContext node)
    {
        var text = context.Required("subject");
        if (!Subject.TryParse(text, out var subject))
        {
            await context.RefuseAsync(
                StatusCodes.Status400BadRequest,
                $"'{Answers.Shown(text)}' is no KIND/NAME; kinds are {string.Join(", ", Enum.GetNames<SubjectKind>()).ToLowerInvariant()}"
            );
            return;
        }

        var state = node.Engine.State;
        var scope = context.Scope(node);
        if (!scope.Covers(subject))
        {
            await context.RefuseOutsideAsync(subject.ToString());
            return;
        }

        if (Explainer.Explain(state, subject) is { } whole)
        {
            var explanation = Within(whole, scope);
            await context.ShowAsync(
                explanation.ToText(),
                () => ExplanationDocument.Of(explanation),
                ApiJson.Default.ExplanationDocument
            );
            return;
        }

        var near =
            Explainer.Suggest(state, subject) is { } other && scope.Covers(other) ? $"; did you mean '{other}'?" : "";
        await context.RefuseAsync(StatusCodes.Status404NotFound, $"there is no {subject}{near}");
    }

    // Causes that are somebody else's are left out, and what they come from with them.
    private static Explanation Within(Explanation explanation, Scope scope) =>
        scope.CoversAll
            ? explanation
            : explanation with
            {
                Causes = Items.From(
                    explanation.Causes.Where(cause => scope.Covers(cause.Subject)).Select(cause => Within(cause, scope))
                ),
            };

    private static async Task TraceAsync(HttpContext context, NodeContext node)
    {
        if (await PlacesAsync(context) is not { } places)
        {
            return;
        }

        var question = places with
        {
            ServerName = context.Text("sni"),
            Protocols = Items.From(
                (context.Text("alpn") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Take(MaxProtocols)
            ),
        };
        if (question.Protocols.Any(name => name.Length > ProtocolList.MaxName))
        {
            await context.RefuseAsync(
                StatusCodes.Status400BadRequest,
                $"alpn holds a name of more than {ProtocolList.MaxName} letters"
            );
            return;
        }

        var result = Tracer.Trace(node.Engine.State, question);
        if (result.Service is { } service && !context.Scope(node).Covers("service", service))
        {
            await context.RefuseOutsideAsync($"service at {context.Required("destination")}");
            return;
        }

        await context.ShowAsync(result.ToText(), () => TraceDocument.Of(result), ApiJson.Default.TraceDocument);
    }

    private static async Task<TraceQuestion?> PlacesAsync(HttpContext context)
    {
        var protocol = context.Required("protocol");
        if (protocol == "unix")
        {
            return TraceQuestion.By(context.Required("destination"));
        }

        return
            await EndPointAsync(context, "source") is { } source
            && await EndPointAsync(context, "destination") is { } destination
            ? new(protocol == "tcp" ? TraceProtocol.Tcp : TraceProtocol.Udp, source, destination)
            : null;
    }

    private static async Task<IPEndPoint?> EndPointAsync(HttpContext context, string name)
    {
        var text = context.Required(name);
        if (IPEndPoint.TryParse(text, out var endPoint))
        {
            return endPoint;
        }

        await context.RefuseAsync(
            StatusCodes.Status400BadRequest,
            $"{name} '{Answers.Shown(text)}' is no address such as 192.0.2.7, 192.0.2.7:40000 or [2001:db8::7]:40000"
        );
        return null;
    }
}
