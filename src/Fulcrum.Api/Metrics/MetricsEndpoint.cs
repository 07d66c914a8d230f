using Fulcrum.Api.Metrics.Exposition;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fulcrum.Api.Metrics;

/// <summary><c>GET /metrics</c>: OpenMetrics 1.0.0 or the text format 0.0.4 of Prometheus, whichever is asked for.</summary>
internal static class MetricsEndpoint
{
    // Not below the root of the API, and so in no table; the same gates stand before it.
    private static readonly Operation Operation = new("get-metrics", HttpMethods.Get, "/metrics", "All metrics.")
    {
        IsWhole = true,
        Answers = [],
        Handler = (context, node) => WriteAsync(context, node.Metrics!.Desk),
    };

    public static void Map(IEndpointRouteBuilder api, NodeContext node)
    {
        if (node.Metrics is { } metrics)
        {
            api.MapGet("/metrics", context => WriteAsync(context, metrics.Desk)).WithMetadata(Operation);
        }
    }

    private static async Task WriteAsync(HttpContext context, ScrapeDesk desk)
    {
        if (!await desk.TryEnterAsync(context.RequestAborted))
        {
            context.Response.Headers.RetryAfter = "5";
            await context.RefuseAsync(
                StatusCodes.Status503ServiceUnavailable,
                "too many others wait for the metrics already; try again in a moment"
            );
            return;
        }

        var format = ExpositionFormat.Choose(context.Request.Headers.Accept!);
        context.Response.ContentType = format.MediaType;
        context.Response.Headers.Vary = "Accept";
        try
        {
            await desk.ServeAsync(context.Response.BodyWriter, format, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // Half a page must not look whole.
            context.Abort();
        }
    }
}
