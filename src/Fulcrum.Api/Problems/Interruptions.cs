using Fulcrum.Engine.Reconciling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Problems;

/// <summary>Answers for an engine that has no time, or no time any more.</summary>
internal static class Interruptions
{
    public static void Map(WebApplication app) =>
        app.Use(
            async (context, next) =>
            {
                try
                {
                    await next(context);
                }
                catch (EngineBusyException busy) when (!context.Response.HasStarted)
                {
                    context.Response.Headers.RetryAfter = "1";
                    await context.RefuseAsync(StatusCodes.Status503ServiceUnavailable, busy.Message);
                }
                catch (OperationCanceledException)
                    when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
                {
                    await context.RefuseAsync(StatusCodes.Status503ServiceUnavailable, "the node is stopping");
                }
            }
        );
}
