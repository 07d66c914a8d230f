using Fulcrum.Api.Access;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Status;

/// <summary>The node at a glance.</summary>
internal static class StatusOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("get-status", HttpMethods.Get, "/status", "The node, all its services and what troubles it.")
        {
            Answers = [new(StatusCodes.Status200OK, "As it is now.", ApiJson.Default.StatusDocument)],
            Handler = StatusAsync,
        },
    ];

    private static Task StatusAsync(HttpContext context, NodeContext node)
    {
        var status = StatusBuilder.Build(node.Identity, node.Engine);
        status = status with { Troubles = [.. node.Troubles.Status, .. status.Troubles] };
        return context.OkAsync(
            StatusScope.Within(status, node.Engine.State, context.Scope(node)),
            ApiJson.Default.StatusDocument
        );
    }
}
