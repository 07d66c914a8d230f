using System.Text.Json.Nodes;
using Fulcrum.Api.Access;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Fulcrum.Engine.Sources;
using Fulcrum.Model.Access;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Upstreams;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Configuring;

/// <summary>
/// One backend of an upstream that the API made. What registers and leaves by itself puts and deletes just this, and
/// needs to know nothing of its neighbours.
/// </summary>
internal static class BackendOperations
{
    private const string Path = "/configuration/upstreams/{upstream}/backends/{backend}";

    private static readonly SnapshotSection Upstreams = SnapshotSection.Find("upstreams")!;

    private static readonly Parameter[] Which =
    [
        Parameter.InPath("upstream", "its upstream"),
        Parameter.InPath("backend", "its name, or its address and port"),
    ];

    private static readonly Parameter[] Change = [.. Which, .. PartChange.Parameters];

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("get-configured-backend", HttpMethods.Get, Path, "One backend as it is configured.")
        {
            Parameters = Which,
            Answers = [new(StatusCodes.Status200OK, "In the language, as JSON.", ApiJson.Default.JsonNode)],
            Refusals = [StatusCodes.Status404NotFound],
            Handler = GetAsync,
        },
        new("put-configured-backend", HttpMethods.Put, Path, "Makes a backend, or another of it.")
        {
            Role = AccessRole.Admin,
            Parameters = Change,
            Body = new([Body.Json], Body.Part) { Language = "backend" },
            Answers = PartChange.Answers,
            Refusals = PartChange.Refusals,
            Handler = (context, node) => ChangeAsync(context, node, (_, body) => body, mustBe: false),
        },
        new("patch-configured-backend", HttpMethods.Patch, Path, "Changes parts of a backend.")
        {
            Role = AccessRole.Admin,
            Parameters = Change,
            Body = new([Body.MergePatch, Body.Json], Body.Part) { Language = "backend" },
            Answers = PartChange.Answers,
            Refusals = PartChange.Refusals,
            Handler = (context, node) => ChangeAsync(context, node, MergePatch.Apply, mustBe: true),
        },
        new("delete-configured-backend", HttpMethods.Delete, Path, "Removes a backend.")
        {
            Role = AccessRole.Admin,
            Parameters = Change,
            Answers = PartChange.Answers,
            Refusals = PartChange.Refusals,
            Handler = (context, node) => PutAsync(context, node, (_, _) => null, mustBe: true),
        },
    ];

    private static async Task GetAsync(HttpContext context, NodeContext node)
    {
        var name = $"{context.PathPart("upstream")}/{context.PathPart("backend")}";
        if (!context.Scope(node).Covers("backend", name))
        {
            await context.RefuseOutsideAsync($"backend '{name}'");
        }
        else if (await FindAsync(context, node.Engine.Book, mustBe: true) is (_, _, { } backend))
        {
            await EntityTag.ShowAsync(context, backend);
        }
    }

    private static async Task ChangeAsync(
        HttpContext context,
        NodeContext node,
        Func<JsonNode?, JsonNode?, JsonNode?> change,
        bool mustBe
    )
    {
        if (await ConfigurationOperations.ReadPatchAsync(context) is { } body)
        {
            await PutAsync(context, node, (present, _) => change(present, body), mustBe);
        }
    }

    private static Task PutAsync(
        HttpContext context,
        NodeContext node,
        Func<JsonNode?, string, JsonNode?> change,
        bool mustBe
    ) =>
        PartChange.RunAsync(
            context,
            node,
            async book =>
            {
                if (
                    await FindAsync(context, book, mustBe) is not (var upstream, var model, var present)
                    || !await EntityTag.HoldsAsync(context, present)
                )
                {
                    return null;
                }

                var id = context.PathPart("backend");
                var changed = BackendPart.With(upstream, model, id, change(present, id));
                var (objects, problems) = ConfigurationPart.Read(new(Upstreams.Key, model.Name), changed);
                if (objects is null)
                {
                    await ConfigurationOperations.RefuseInvalidAsync(context, problems);
                    return null;
                }

                return ConfigurationOperations.PutAll(book, objects);
            }
        );

    /// <returns>The upstream as JSON and as it is, and the backend as JSON; null after a refusal.</returns>
    private static async Task<(JsonNode Upstream, Upstream Model, JsonObject? Backend)?> FindAsync(
        HttpContext context,
        SourceBook book,
        bool mustBe
    )
    {
        var (name, id) = (context.PathPart("upstream"), context.PathPart("backend"));
        if (book.Snapshot.Upstreams.Find(name) is not { } model)
        {
            await context.RefuseUnknownAsync("upstream", name, book.Snapshot.Upstreams.Select(one => one.Name));
            return null;
        }

        var upstream = ConfigurationPart.Show(Upstreams, model);
        var backend = BackendPart.Find(upstream, model, id);
        if (backend is null && mustBe)
        {
            await context.RefuseUnknownAsync(
                $"backend of {name} called",
                id,
                model.Backends.AsEnumerable().Select(one => one.Id)
            );
            return null;
        }

        return (upstream, model, backend);
    }
}
