using System.Net;
using Fulcrum.Api.Problems;
using Fulcrum.Engine.Explaining;
using Fulcrum.Engine.Reasons;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Engine.Tracing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fulcrum.Api.Explaining;

/// <summary><c>GET /api/v1/explain?subject=</c> and <c>/api/v1/trace?protocol=&amp;source=&amp;destination=</c>; as text, or as JSON.</summary>
internal static class QuestionEndpoints
{
    public static void Map(IEndpointRouteBuilder api, Reconciler engine)
    {
        api.MapGet("/api/v1/explain", context => ExplainAsync(context, engine));
        api.MapGet("/api/v1/trace", context => TraceAsync(context, engine));
    }

    private static async Task ExplainAsync(HttpContext context, Reconciler engine)
    {
        if (await context.QueryAsync("subject") is not { } text)
        {
            return;
        }

        if (!Subject.TryParse(text, out var subject))
        {
            await context.RefuseAsync(
                StatusCodes.Status400BadRequest,
                $"'{text}' is no KIND/NAME; kinds are {string.Join(", ", Enum.GetNames<SubjectKind>()).ToLowerInvariant()}"
            );
            return;
        }

        var state = engine.State;
        if (Explainer.Explain(state, subject) is { } explanation)
        {
            await context.ShowAsync(
                explanation.ToText(),
                () => ExplanationDocument.Of(explanation),
                ApiJson.Default.ExplanationDocument
            );
            return;
        }

        var near = Explainer.Suggest(state, subject) is { } other ? $"; did you mean '{other}'?" : "";
        await context.RefuseAsync(StatusCodes.Status404NotFound, $"there is no {subject}{near}");
    }

    private static async Task TraceAsync(HttpContext context, Reconciler engine)
    {
        if (
            await context.QueryAsync("protocol") is not { } protocol
            || await EndPointAsync(context, "source") is not { } source
            || await EndPointAsync(context, "destination") is not { } destination
        )
        {
            return;
        }

        if (protocol is not ("tcp" or "udp"))
        {
            await context.RefuseAsync(StatusCodes.Status400BadRequest, $"protocol '{protocol}' is not tcp or udp");
            return;
        }

        var question = new TraceQuestion(
            protocol == "tcp" ? TraceProtocol.Tcp : TraceProtocol.Udp,
            source,
            destination
        );
        var result = Tracer.Trace(engine.State, question);
        await context.ShowAsync(result.ToText(), () => TraceDocument.Of(result), ApiJson.Default.TraceDocument);
    }

    private static async Task<IPEndPoint?> EndPointAsync(HttpContext context, string name)
    {
        if (await context.QueryAsync(name) is not { } text)
        {
            return null;
        }

        if (IPEndPoint.TryParse(text, out var endPoint))
        {
            return endPoint;
        }

        await context.RefuseAsync(
            StatusCodes.Status400BadRequest,
            $"{name} '{text}' is no address such as 192.0.2.7, 192.0.2.7:40000 or [2001:db8::7]:40000"
        );
        return null;
    }
}
