using Fulcrum.Api.Access;
using Fulcrum.Api.Access.Audit;
using Fulcrum.Api.Lists;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Fulcrum.Model.Access;
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
            Handler = ListAsync,
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

    private static Task ListAsync(HttpContext context, NodeContext node)
    {
        var scope = context.Scope(node);
        return context.OkAsync(
            context.Page(
                node.Engine.State.Inputs.Overrides.Values.Where(decision => scope.Covers(decision.Target)),
                decision => decision.Target.ToString(),
                OverrideDocument.Of
            ),
            ApiJson.Default.ListDocumentOverrideDocument
        );
    }

    private static async Task PutAsync(HttpContext context, NodeContext node)
    {
        if (
            await TargetAsync(context, node) is not { } target
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

        context.Audit(WordsOf(node, target), WordsOf(decision));
        if (await node.Engine.OverrideAsync(decision, context.RequestAborted) is { } problem)
        {
            await context.RefuseAsync(StatusCodes.Status422UnprocessableEntity, "nothing was changed", problem);
            return;
        }

        await context.OkAsync(OverrideDocument.Of(decision), ApiJson.Default.OverrideDocument);
    }

    private static async Task DeleteAsync(HttpContext context, NodeContext node)
    {
        if (await TargetAsync(context, node) is not { } target)
        {
            return;
        }

        context.Audit(WordsOf(node, target), "as configured");
        if (await node.Engine.ClearOverrideAsync(target, context.RequestAborted))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await context.RefuseAsync(StatusCodes.Status404NotFound, $"there is no override of {target}");
    }

    private static string WordsOf(NodeContext node, OverrideTarget target) =>
        node.Engine.State.Inputs.Overrides[target] is { } decision ? WordsOf(decision) : "as configured";

    private static string WordsOf(Override decision) =>
        $"{decision.Action.ToString().ToLowerInvariant()}{(decision.Weight is { } weight ? $" {weight}" : "")} by {decision.Owner}"
        + (decision.Expires is { } expires ? $" until {expires:u}" : "");

    private static async Task<OverrideTarget?> TargetAsync(HttpContext context, NodeContext node)
    {
        var text = context.Required(Target.Name);
        if (OverrideTarget.TryParse(text, out var target))
        {
            if (context.Scope(node).Covers(target))
            {
                return target;
            }

            await context.RefuseOutsideAsync(target.ToString());
            return null;
        }

        await context.RefuseAsync(
            StatusCodes.Status400BadRequest,
            $"'{Answers.Shown(text)}' is no target; expected service/NAME, upstream/NAME, backend/UPSTREAM/NAME, host/ADDRESS or node/NAME"
        );
        return null;
    }
}
