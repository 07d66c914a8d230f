using Fulcrum.Api.Access;
using Fulcrum.Api.Access.Audit;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Fulcrum.Configuration;
using Fulcrum.Model.Access;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Upgrading;

/// <summary>Another program takes the place of the one that runs, and the connections stay.</summary>
internal static class UpgradeOperations
{
    private static readonly TimeSpan UsualPatience = TimeSpan.FromMinutes(1);

    public static IReadOnlyList<Operation> All { get; } =
    [
        new(
            "upgrade",
            HttpMethods.Post,
            "/upgrade",
            "Starts the program anew and lets it take over listeners, what is known of backends, and the API."
        )
        {
            IsWhole = true,
            Role = AccessRole.Admin,
            Parameters =
            [
                new("by", "who wants it, for the log") { Example = "alice" },
                new("within", "how long the new process may take to serve; 60s unless said") { Example = "60s" },
            ],
            Answers =
            [
                new(StatusCodes.Status202Accepted, "It has begun; get-upgrade tells.", ApiJson.Default.UpgradeDocument),
            ],
            Refusals = [StatusCodes.Status409Conflict],
            Handler = BeginAsync,
        },
        new("get-upgrade", HttpMethods.Get, "/upgrade", "How the last upgrade went.")
        {
            IsWhole = true,
            Answers = [new(StatusCodes.Status200OK, "As it is now.", ApiJson.Default.UpgradeDocument)],
            Refusals = [StatusCodes.Status404NotFound],
            Handler = ReadAsync,
        },
    ];

    private static async Task BeginAsync(HttpContext context, NodeContext node)
    {
        var within = UsualPatience;
        if (context.Text("within") is { } text && !(DurationText.TryParse(text, out within) && within > TimeSpan.Zero))
        {
            await context.RefuseAsync(
                StatusCodes.Status400BadRequest,
                $"within '{Answers.Shown(text)}' is not {DurationText.Expected}"
            );
            return;
        }

        if (node.Upgrade is not { } upgrade)
        {
            await context.RefuseAsync(StatusCodes.Status409Conflict, "this node cannot be upgraded while it runs");
            return;
        }

        context.Audit(upgrade.Last.Version, "the program as it is on the disk");
        if (upgrade.Begin(context.Text("by") ?? context.Caller().Name, within) is { } reason)
        {
            await context.RefuseAsync(StatusCodes.Status409Conflict, reason);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
        await context.OkAsync(upgrade.Last, ApiJson.Default.UpgradeDocument);
    }

    private static Task ReadAsync(HttpContext context, NodeContext node) =>
        node.Upgrade is { } upgrade
            ? context.OkAsync(upgrade.Last, ApiJson.Default.UpgradeDocument)
            : context.RefuseAsync(StatusCodes.Status404NotFound, "this node cannot be upgraded while it runs");
}
