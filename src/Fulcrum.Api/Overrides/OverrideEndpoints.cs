using Fulcrum.Api.Problems;
using Fulcrum.Engine.Journaling;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Model.Overrides;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fulcrum.Api.Overrides;

/// <summary><c>PUT</c> and <c>DELETE /api/v1/overrides?target=KIND/NAME</c>.</summary>
internal static class OverrideEndpoints
{
    private const string Path = "/api/v1/overrides";

    public static void Map(IEndpointRouteBuilder api, Reconciler engine, TimeProvider time)
    {
        api.MapPut(Path, context => PutAsync(context, engine, time));
        api.MapDelete(Path, context => DeleteAsync(context, engine));
    }

    private static async Task PutAsync(HttpContext context, Reconciler engine, TimeProvider time)
    {
        if (
            await TargetAsync(context) is not { } target
            || await context.ReadAsync(ApiJson.Default.OverrideOrder) is not { } order
        )
        {
            return;
        }

        if (order.ToOverride(target, time.GetUtcNow()) is not { } decision)
        {
            await context.RefuseAsync(
                StatusCodes.Status400BadRequest,
                $"there is no action '{order.Action}'; expected enable, disable, drain or weight"
            );
            return;
        }

        await KeepAsync(
            context,
            async () =>
            {
                if (await engine.OverrideAsync(decision, context.RequestAborted) is { } problem)
                {
                    await context.RefuseAsync(StatusCodes.Status422UnprocessableEntity, "nothing was changed", problem);
                    return;
                }

                await context.OkAsync(OverrideDocument.Of(decision), ApiJson.Default.OverrideDocument);
            }
        );
    }

    private static async Task DeleteAsync(HttpContext context, Reconciler engine)
    {
        if (await TargetAsync(context) is not { } target)
        {
            return;
        }

        await KeepAsync(
            context,
            async () =>
            {
                if (await engine.ClearOverrideAsync(target, context.RequestAborted))
                {
                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    return;
                }

                await context.RefuseAsync(StatusCodes.Status404NotFound, $"there is no override of {target}");
            }
        );
    }

    // A full disk is the operator's to know: what is not durable was not done.
    private static async Task KeepAsync(HttpContext context, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (JournalException error)
        {
            await context.RefuseAsync(StatusCodes.Status507InsufficientStorage, error.Message);
        }
    }

    private static async Task<OverrideTarget?> TargetAsync(HttpContext context)
    {
        if (await context.QueryAsync("target") is not { } text)
        {
            return null;
        }

        if (OverrideTarget.TryParse(text, out var target))
        {
            return target;
        }

        await context.RefuseAsync(
            StatusCodes.Status400BadRequest,
            $"'{text}' is no target; expected service/NAME, upstream/NAME, backend/UPSTREAM/NAME, host/ADDRESS or node/NAME"
        );
        return null;
    }
}
