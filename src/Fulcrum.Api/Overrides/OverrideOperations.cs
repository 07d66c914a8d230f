using Fulcrum.Api.Access;
using Fulcrum.Api.Lists;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Fulcrum.Model.Overrides;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Overrides;

/// <summary>Operators' decisions: what is in force, a new one, one that is taken back.</summary>
internal static class OverrideOperations
{
    private const string Path = "/overrides";

    private static readonly Parameter Target = new("target", "what it is about, as KIND/NAME")
    {
        IsRequired = true,
        Example = "backend/web/10.0.0.1:80",
    };

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("list-overrides", HttpMethods.Get, Path, "Operators' decisions that are in force.")
        {
            Parameters = Paging.Parameters,
            Answers = [new(StatusCodes.Status200OK, "By target.", ApiJson.Default.ListDocumentOverrideDocument)],
            Handler = (context, node) =>
                context.OkAsync(
                    context.Page(
                        node.Engine.State.Inputs.Overrides.Values,
                        decision => decision.Target.ToString(),
                        OverrideDocument.Of
                    ),
                    ApiJson.Default.ListDocumentOverrideDocument
                ),
        },
        new("set-override", HttpMethods.Put, Path, "Decides about a target, in the place of what was decided before.")
        {
            Role = AccessRole.Operator,
            Parameters = [Target],
            Body = Body.Of(ApiJson.Default.OverrideOrder),
            Answers = [new(StatusCodes.Status200OK, "It is durable and in force.", ApiJson.Default.OverrideDocument)],
            Refusals = [StatusCodes.Status422UnprocessableEntity],
            Handler = PutAsync,
        },
        new("clear-override", HttpMethods.Delete, Path, "Takes a decision back.")
        {
            Role = AccessRole.Operator,
            Parameters = [Target],
            Answers = [new(StatusCodes.Status204NoContent, "It is gone.")],
            Refusals = [StatusCodes.Status404NotFound],
            Handler = DeleteAsync,
        },
    ];

    private static async Task PutAsync(HttpContext context, NodeContext node)
    {
        if (
            await TargetAsync(context) is not { } target
            || await context.ReadAsync(ApiJson.Default.OverrideOrder) is not { } order
        )
        {
            return;
        }

        if (order.ToOverride(target, node.Time.GetUtcNow()) is not { } decision)
        {
            await context.RefuseAsync(
                StatusCodes.Status400BadRequest,
                $"there is no action '{Answers.Shown(order.Action)}'; expected enable, disable, drain or weight"
            );
            return;
        }

        if (await node.Engine.OverrideAsync(decision, context.RequestAborted) is { } problem)
        {
            await context.RefuseAsync(StatusCodes.Status422UnprocessableEntity, "nothing was changed", problem);
            return;
        }

        await context.OkAsync(OverrideDocument.Of(decision), ApiJson.Default.OverrideDocument);
    }

    private static async Task DeleteAsync(HttpContext context, NodeContext node)
    {
        if (await TargetAsync(context) is not { } target)
        {
            return;
        }

        if (await node.Engine.ClearOverrideAsync(target, context.RequestAborted))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await context.RefuseAsync(StatusCodes.Status404NotFound, $"there is no override of {target}");
    }

    private static async Task<OverrideTarget?> TargetAsync(HttpContext context)
    {
        var text = context.Required(Target.Name);
        if (OverrideTarget.TryParse(text, out var target))
        {
            return target;
        }

        await context.RefuseAsync(
            StatusCodes.Status400BadRequest,
            $"'{Answers.Shown(text)}' is no target; expected service/NAME, upstream/NAME, backend/UPSTREAM/NAME, host/ADDRESS or node/NAME"
        );
        return null;
    }
}
