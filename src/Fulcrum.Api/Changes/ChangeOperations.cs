using Fulcrum.Api.Access;
using Fulcrum.Api.Access.Audit;
using Fulcrum.Api.Configuring;
using Fulcrum.Api.Lists;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Fulcrum.Configuration;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.History;
using Fulcrum.Engine.Reconciling;
using Fulcrum.Model;
using Fulcrum.Model.Access;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Sources;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Changes;

/// <summary>The whole configuration of the node's file: what would change, changing it, and going back.</summary>
internal static class ChangeOperations
{
    private const string NothingChanged = "nothing was changed";

    /// <summary>What goes with any change.</summary>
    internal static readonly Parameter[] Order =
    [
        new("by", "who wants it, for the history") { Example = "alice" },
        new("confirm", "taken back after this long unless it is confirmed") { Example = "60s" },
        Parameter.Flag("allow-removals", "it may remove more than the guard's share"),
    ];

    private static readonly Body Configuration = new([Body.Json, Body.Yaml], Body.Large) { Language = "configuration" };

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("plan", HttpMethods.Post, "/plan", "What a configuration would change, and what that means for clients.")
        {
            IsWhole = true,
            Body = Configuration,
            Answers =
            [
                new(StatusCodes.Status200OK, "Change by change.", ApiJson.Default.PlanDocument),
                new(StatusCodes.Status200OK, "The plan as text.", null, "text/plain"),
            ],
            Refusals = [StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity],
            Handler = PlanAsync,
        },
        new("apply", HttpMethods.Post, "/apply", "Puts a whole configuration in the place of the node's file.")
        {
            IsWhole = true,
            Role = AccessRole.Admin,
            Parameters =
            [
                new("source", "the file it was read from") { IsRequired = true, Example = "/etc/fulcrum/fulcrum.yaml" },
                .. Order,
            ],
            Body = Configuration,
            Answers = [new(StatusCodes.Status200OK, "It is in force.", ApiJson.Default.ApplyDocument)],
            Refusals = [StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity],
            Handler = ApplyAsync,
        },
        new("confirm", HttpMethods.Post, "/confirm", "Lets a change stay that would be taken back.")
        {
            IsWhole = true,
            Role = AccessRole.Admin,
            Answers = [new(StatusCodes.Status204NoContent, "It stays.")],
            Refusals = [StatusCodes.Status409Conflict],
            Handler = ConfirmAsync,
        },
        new("list-history", HttpMethods.Get, "/history", "The configurations that were in force, the newest first.")
        {
            IsWhole = true,
            Answers =
            [
                new(StatusCodes.Status200OK, "Those that are kept.", ApiJson.Default.ListDocumentHistoryEntry),
                new(StatusCodes.Status200OK, "The history as text.", null, "text/plain"),
            ],
            Handler = HistoryAsync,
        },
        new("roll-back", HttpMethods.Post, "/rollback", "Puts a former configuration in force again.")
        {
            IsWhole = true,
            Role = AccessRole.Admin,
            Parameters =
            [
                new("number", "which of the history")
                {
                    IsRequired = true,
                    Least = 1,
                    Most = int.MaxValue,
                },
                .. Order,
            ],
            Answers = [new(StatusCodes.Status200OK, "It is in force.", ApiJson.Default.ApplyDocument)],
            Refusals =
            [
                StatusCodes.Status404NotFound,
                StatusCodes.Status409Conflict,
                StatusCodes.Status422UnprocessableEntity,
            ],
            Handler = RollbackAsync,
        },
    ];

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

        var shown = Redaction.For(context.Caller(), plan);
        await context.ShowAsync(shown.ToText(), () => PlanDocument.Of(shown), ApiJson.Default.PlanDocument);
    }

    private static async Task ApplyAsync(HttpContext context, NodeContext node)
    {
        if (await OrderAsync(context) is { } order && await ReadAsync(context, node) is { } snapshot)
        {
            await ChangeAsync(context, node, FileOf(node), snapshot, order with { From = context.Required("source") });
        }
    }

    private static async Task RollbackAsync(HttpContext context, NodeContext node)
    {
        if (await OrderAsync(context) is not { } order)
        {
            return;
        }

        var number = (int)context.Number("number")!;
        context.Audit(null, null, $"configuration {number}");
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
        var before = node.Engine.State;
        var was = $"generation {before.Generation}";
        context.Audit(was, $"by {order.By}", order.From);
        var result = await node.Engine.ApplyAsync(source, snapshot, order);
        if (result.Generation is not { } generation)
        {
            await context.RefuseAsync(StatusCodes.Status409Conflict, NothingChanged, result.Problems);
            return;
        }

        var changes = SnapshotDiff.Between(before.Inputs.Snapshot, node.Engine.State.Inputs.Snapshot).Changes.Count;
        context.Audit(
            was,
            $"generation {generation}, {(changes == 1 ? "1 change" : $"{changes} changes")} by {order.By}",
            order.From
        );
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
        foreach (var note in NotesOn(result))
        {
            yield return note;
        }

        if (source.Kind == SourceKind.File && order.From != node.Identity.Source)
        {
            yield return $"The node was started on {node.Identity.Source}: a reload or restart reads that again.";
        }
    }

    internal static IReadOnlyList<string> NotesOn(ApplyResult result) =>
        result.ConfirmBy is { } by
            ?
            [
                $"Applied; generation {result.Generation}.",
                $"It is taken back at {by:u} unless 'fulcrum confirm' comes first.",
            ]
            : [$"Applied; generation {result.Generation}."];

    private static async Task ConfirmAsync(HttpContext context, NodeContext node)
    {
        context.Audit(node.Engine.ConfirmBy is { } by ? $"taken back at {by:u}" : "nothing waits", "stays");
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
        return context.ShowAsync(
            HistoryTable.Of(entries),
            () => new ListDocument<HistoryEntry> { Items = entries, More = 0 },
            ApiJson.Default.ListDocumentHistoryEntry
        );
    }

    internal static ConfigurationFormat FormatOf(HttpContext context) =>
        context.Request.ContentType?.StartsWith(Body.Yaml, StringComparison.OrdinalIgnoreCase) == true
            ? ConfigurationFormat.Yaml
            : ConfigurationFormat.Json;

    // The text comes from a client that has read the files: nothing in it stands for this process' environment.
    private static async Task<Snapshot?> ReadAsync(HttpContext context, NodeContext node)
    {
        if (await context.ReadBytesAsync("a configuration") is not { } text)
        {
            return null;
        }

        if (text.AsSpan().Trim(" \t\r\n"u8).SequenceEqual("null"u8))
        {
            await context.RefuseAsync(StatusCodes.Status400BadRequest, "the body is null; expected a configuration");
            return null;
        }

        var loaded = SnapshotLoader.Parse(
            text,
            "configuration",
            FormatOf(context),
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

    /// <summary>What the query says goes with a change; null after a refusal.</summary>
    internal static async Task<ApplyOrder?> OrderAsync(HttpContext context)
    {
        TimeSpan? within = null;
        if (context.Text("confirm") is { } text)
        {
            if (!DurationText.TryParse(text, out var duration))
            {
                await context.RefuseAsync(
                    StatusCodes.Status400BadRequest,
                    $"confirm '{Answers.Shown(text)}' is not {DurationText.Expected}"
                );
                return null;
            }

            within = duration;
        }

        return new()
        {
            By = context.Text("by") ?? context.Caller().Name,
            AllowRemovals = context.Flag("allow-removals"),
            ConfirmWithin = within,
        };
    }
}
