using Fulcrum.Api.Operations;
using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Reconciling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Api.Problems;

/// <summary>Answers where no handler does: an engine that has no time, a request cut short, a path that nobody knows.</summary>
internal static partial class Interruptions
{
    public static void Use(WebApplication app, ILogger log) =>
        app.Use(
            async (context, next) =>
            {
                try
                {
                    await next(context);
                    await TellEmptyAsync(context);
                }
                catch (EngineBusyException busy) when (!context.Response.HasStarted)
                {
                    context.Response.Headers.RetryAfter = "1";
                    await context.RefuseAsync(StatusCodes.Status503ServiceUnavailable, busy.Message);
                }
                catch (BadHttpRequestException error) when (!context.Response.HasStarted)
                {
                    await context.RefuseAsync(error.StatusCode, $"the request is not taken: {error.Message}");
                }
                catch (JournalException error) when (!context.Response.HasStarted)
                {
                    // A full disk is the operator's to know: what is not durable was not done.
                    await context.RefuseAsync(StatusCodes.Status507InsufficientStorage, error.Message);
                }
                catch (OperationCanceledException)
                    when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
                {
                    await context.RefuseAsync(StatusCodes.Status503ServiceUnavailable, "the node is stopping");
                }
                catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
                {
                    // Who asked has gone: nobody hears the answer.
                }
#pragma warning disable CA1031 // Law 4: what goes wrong with a request is that request's.
                catch (Exception error) when (!context.Response.HasStarted)
#pragma warning restore CA1031
                {
                    LogDefect(log, error, context.Request.Method, Answers.Shown(context.Request.Path));
                    await context.RefuseAsync(
                        StatusCodes.Status500InternalServerError,
                        "this is a defect; the log of the node says more"
                    );
                }
            }
        );

    // What routing refuses has no body: somebody at a prompt would see nothing at all.
    private static Task TellEmptyAsync(HttpContext context) =>
        context.Response.HasStarted || context.Response.ContentType is not null
            ? Task.CompletedTask
            : context.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => context.RefuseAsync(
                    StatusCodes.Status404NotFound,
                    $"there is nothing at {Answers.Shown(context.Request.Path)}; GET {Operation.Root}/openapi.json tells what there is"
                ),
                StatusCodes.Status405MethodNotAllowed => context.RefuseAsync(
                    StatusCodes.Status405MethodNotAllowed,
                    $"{context.Request.Method} is not for {Answers.Shown(context.Request.Path)}; it knows {context.Response.Headers.Allow}"
                ),
                _ => Task.CompletedTask,
            };
}
