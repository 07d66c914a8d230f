using System.Globalization;
using Fulcrum.Api.Problems;
using Fulcrum.Configuration;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Model;
using Fulcrum.Model.Sources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fulcrum.Api.Changes;

/// <summary>
/// <c>POST /api/v1/plan</c> and <c>/api/v1/apply</c> take a whole configuration as JSON;
/// <c>POST /api/v1/confirm</c>, <c>GET /api/v1/history</c>, <c>POST /api/v1/rollback?number=</c>.
/// </summary>
internal static class ChangeEndpoints
{
    private const string NothingChanged = "nothing was changed";

    public static void Map(IEndpointRouteBuilder api, NodeContext node)
    {
        api.MapPost("/api/v1/plan", context => PlanAsync(context, node));
        api.MapPost("/api/v1/apply", context => ApplyAsync(context, node));
        api.MapPost("/api/v1/confirm", context => ConfirmAsync(context, node));
        api.MapGet("/api/v1/history", context => HistoryAsync(context, node));
        api.MapPost("/api/v1/rollback", context => RollbackAsync(context, node));
    }

    private static async Task PlanAsync(HttpContext context, NodeContext node)
    {
        if (await ReadAsync(context, node) is not { } snapshot)
        {
            return;
        }

        var (plan, problems) = node.Engine.Plan(FileOf(node), snapshot);
        if (plan is null)
        {
            await context.RefuseAsync(StatusCodes.Status409Conflict, "it would be refused", problems);
            return;
        }

        await context.ShowAsync(plan.ToText(), () => PlanDocument.Of(plan), ApiJson.Default.PlanDocument);
    }

    private static async Task ApplyAsync(HttpContext context, NodeContext node)
    {
        if (
            await context.QueryAsync("source") is not { } source
            || await OrderAsync(context) is not { } order
            || await ReadAsync(context, node) is not { } snapshot
        )
        {
            return;
        }

        await ChangeAsync(context, node, FileOf(node), snapshot, order with { From = source });
    }

    private static async Task RollbackAsync(HttpContext context, NodeContext node)
    {
        if (await context.QueryAsync("number") is not { } text || await OrderAsync(context) is not { } order)
        {
            return;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            await context.RefuseAsync(StatusCodes.Status400BadRequest, $"'{text}' is no number of the history");
            return;
        }

        var (snapshot, problems) = node.History.Load(number);
        if (snapshot is null)
        {
            await context.RefuseAsync(StatusCodes.Status404NotFound, NothingChanged, problems);
            return;
        }

        // What the API brought goes back to the API: no source takes what is another's.
        var isOfApi = node.History.Find(number)?.Source == Source.Api.ToString();
        await ChangeAsync(context, node, isOfApi ? Source.Api : FileOf(node), snapshot, order);
    }

    private static Source FileOf(NodeContext node) => Source.File(node.Identity.Source);

    private static async Task ChangeAsync(
        HttpContext context,
        NodeContext node,
        Source source,
        Snapshot snapshot,
        ApplyOrder order
    )
    {
        var result = await node.Engine.ApplyAsync(source, snapshot, order);
        if (result.Generation is not { } generation)
        {
            await context.RefuseAsync(StatusCodes.Status409Conflict, NothingChanged, result.Problems);
            return;
        }

        await context.OkAsync(
            new ApplyDocument
            {
                Generation = generation,
                ConfirmBy = result.ConfirmBy,
                Notes = [.. Notes(node, source, order, result)],
            },
            ApiJson.Default.ApplyDocument
        );
    }

    private static IEnumerable<string> Notes(NodeContext node, Source source, ApplyOrder order, ApplyResult result)
    {
        yield return $"Applied; generation {result.Generation}.";
        if (result.ConfirmBy is { } by)
        {
            yield return $"It is taken back at {by:u} unless 'fulcrum confirm' comes first.";
        }

        if (source.Kind == SourceKind.File && order.From != node.Identity.Source)
        {
            yield return $"The node was started on {node.Identity.Source}: a reload or restart reads that again.";
        }
    }

    private static async Task ConfirmAsync(HttpContext context, NodeContext node)
    {
        if (await node.Engine.ConfirmAsync())
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await context.RefuseAsync(StatusCodes.Status409Conflict, "no change waits to be confirmed");
    }

    private static Task HistoryAsync(HttpContext context, NodeContext node)
    {
        var entries = node.History.Entries;
        var text = string.Join(
            '\n',
            entries.Select(entry =>
                $"{entry.Number, 4}  {entry.At:u}  {entry.By}  {entry.Services} services, {entry.Backends} backends  {entry.Source}"
            )
        );
        return context.ShowAsync(
            text,
            () => new HistoryDocument { Entries = entries },
            ApiJson.Default.HistoryDocument
        );
    }

    // The text comes from a client that has read the files: nothing in it stands for this process' environment.
    private static async Task<Snapshot?> ReadAsync(HttpContext context, NodeContext node)
    {
        using var text = new MemoryStream();
        await context.Request.Body.CopyToAsync(text, context.RequestAborted);
        if (text.Length == 0)
        {
            // An empty text is a valid configuration of nothing, and surely not what anybody means to send.
            await context.RefuseAsync(StatusCodes.Status400BadRequest, "the body is empty; expected a configuration");
            return null;
        }

        var loaded = SnapshotLoader.Parse(
            text.ToArray(),
            "configuration",
            ConfigurationFormat.Json,
            new() { Environment = new Dictionary<string, string>() }
        );
        if (loaded.Snapshot is not { } snapshot)
        {
            await context.RefuseAsync(
                StatusCodes.Status400BadRequest,
                "the configuration is not valid",
                loaded.Problems
            );
            return null;
        }

        var missing = Capabilities.WhyNotRun(snapshot, node.Identity.Node);
        if (missing.Count > 0)
        {
            await context.RefuseAsync(
                StatusCodes.Status422UnprocessableEntity,
                "this node cannot run the configuration",
                missing.Select(loaded.Place)
            );
            return null;
        }

        return snapshot;
    }

    private static async Task<ApplyOrder?> OrderAsync(HttpContext context)
    {
        if (await context.QueryAsync("by") is not { } by)
        {
            return null;
        }

        TimeSpan? within = null;
        if (context.Request.Query["confirm"] is [{ } text])
        {
            if (!DurationText.TryParse(text, out var duration))
            {
                await context.RefuseAsync(
                    StatusCodes.Status400BadRequest,
                    $"confirm '{text}' is not {DurationText.Expected}"
                );
                return null;
            }

            within = duration;
        }

        return new()
        {
            By = by,
            AllowRemovals = context.Request.Query["allow-removals"] is ["true"],
            ConfirmWithin = within,
        };
    }
}
