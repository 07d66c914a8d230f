using System.Text.Json;
using System.Text.Json.Nodes;
using Fulcrum.Api.Access;
using Fulcrum.Api.Changes;
using Fulcrum.Api.Lists;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Fulcrum.Configuration;
using Fulcrum.Engine.Sources;
using Fulcrum.Model.Access;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Values;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Configuring;

/// <summary>
/// What is configured, whole or in parts, in the words of the language. Whoever asks may read all of it; parts that
/// the API made can be put, patched and deleted, those of other sources belong to their owners.
/// </summary>
internal static class ConfigurationOperations
{
    private static readonly Parameter Kind = Parameter.InPath("kind", "the section it stands in") with
    {
        Words = ConfigurationPart.Kinds,
    };

    private static readonly Parameter Name = Parameter.InPath("name", "what it is called");

    // Which of two values counts is nobody's to guess.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static readonly Body Patch = new([Body.MergePatch, Body.Json], Body.Part) { Language = "*" };

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("get-configuration", HttpMethods.Get, "/configuration", "The whole configuration that is in force.")
        {
            IsWhole = true,
            Parameters = [new("source", "only what comes from there; a name of the sources") { Example = "the API" }],
            Answers = [new(StatusCodes.Status200OK, "In the language, as JSON.", ApiJson.Default.JsonNode)],
            Refusals = [StatusCodes.Status404NotFound],
            Handler = GetWholeAsync,
        },
        new("patch-configuration", HttpMethods.Patch, "/configuration", "Changes several of the API's objects at once.")
        {
            Role = AccessRole.Admin,
            Parameters = PartChange.Parameters,
            Body = new([Body.MergePatch, Body.Json], Body.Large) { Language = "configuration" },
            Answers = PartChange.Answers,
            Refusals = PartChange.Refusals,
            Handler = PatchWholeAsync,
        },
        new("list-configured", HttpMethods.Get, "/configuration/{kind}", "One section of the configuration.")
        {
            Parameters = [Kind, .. Paging.Parameters],
            Answers = [new(StatusCodes.Status200OK, "By name.", ApiJson.Default.ListDocumentConfigurationDocument)],
            Refusals = [StatusCodes.Status404NotFound],
            Handler = ListAsync,
        },
        new("get-configured", HttpMethods.Get, "/configuration/{kind}/{name}", "One object as it is configured.")
        {
            Parameters = [Kind, Name],
            Answers = [new(StatusCodes.Status200OK, "In the language, as JSON.", ApiJson.Default.JsonNode)],
            Refusals = [StatusCodes.Status404NotFound],
            Handler = GetAsync,
        },
        new("put-configured", HttpMethods.Put, "/configuration/{kind}/{name}", "Makes an object, or another of it.")
        {
            Role = AccessRole.Admin,
            Parameters = [Kind, Name, .. PartChange.Parameters],
            Body = new([Body.Json, Body.Yaml], Body.Part) { Language = "*" },
            Answers =
            [
                new(StatusCodes.Status201Created, "It was made.", ApiJson.Default.ApplyDocument),
                .. PartChange.Answers,
            ],
            Refusals = PartChange.Refusals,
            Handler = PutAsync,
        },
        new("patch-configured", HttpMethods.Patch, "/configuration/{kind}/{name}", "Changes parts of an object.")
        {
            Role = AccessRole.Admin,
            Parameters = [Kind, Name, .. PartChange.Parameters],
            Body = Patch,
            Answers = PartChange.Answers,
            Refusals = PartChange.Refusals,
            Handler = PatchAsync,
        },
        new("delete-configured", HttpMethods.Delete, "/configuration/{kind}/{name}", "Removes an object.")
        {
            Role = AccessRole.Admin,
            Parameters =
            [
                Kind,
                Name,
                .. PartChange.Parameters,
                Parameter.Flag("cascade", "of a service, also the upstream, vip and announcements named after it"),
            ],
            Answers = PartChange.Answers,
            Refusals = PartChange.Refusals,
            Handler = DeleteAsync,
        },
        .. BackendOperations.All,
    ];

    private static Task GetWholeAsync(HttpContext context, NodeContext node)
    {
        var book = node.Engine.Book;
        if (context.Text("source") is not { } name)
        {
            return EntityTag.ShowAsync(context, SnapshotWriter.ToJsonObject(book.Snapshot));
        }

        var source =
            name == Source.Api.ToString() ? Source.Api : book.Sources.FirstOrDefault(one => one.ToString() == name);
        return source is null
            ? context.RefuseUnknownAsync("source", name, book.Sources.Select(one => one.ToString()))
            : EntityTag.ShowAsync(context, SnapshotWriter.ToJsonObject(book.ContentOf(source)));
    }

    private static async Task ListAsync(HttpContext context, NodeContext node)
    {
        if (await SectionAsync(context) is { } section)
        {
            var book = node.Engine.Book;
            var scope = context.Scope(node);
            var page = context.Page(
                section.Of(book.Snapshot).Where(item => scope.Covers(section.Key, item.Name)),
                item => item.Name,
                item =>
                {
                    var part = ConfigurationPart.Show(section, item);
                    return new ConfigurationDocument
                    {
                        Name = item.Name,
                        Source = book.OwnerOf(section.Key, item.Name)!.ToString(),
                        Configuration = Redaction.For(context.Caller(), part),
                        Etag = EntityTag.Of(part),
                    };
                }
            );
            await context.OkAsync(page, ApiJson.Default.ListDocumentConfigurationDocument);
        }
    }

    private static async Task GetAsync(HttpContext context, NodeContext node)
    {
        if (await SectionAsync(context) is not { } section)
        {
            return;
        }

        var (snapshot, name) = (node.Engine.Book.Snapshot, context.PathPart(Name.Name));
        if (!context.Scope(node).Covers(section.Key, name))
        {
            await context.RefuseOutsideAsync($"{section.Key}/{name}");
            return;
        }

        await (
            section.Find(snapshot, name) is { } item
                ? EntityTag.ShowAsync(context, ConfigurationPart.Show(section, item))
                : RefuseUnknownAsync(context, section, snapshot, name)
        );
    }

    private static async Task PutAsync(HttpContext context, NodeContext node)
    {
        if (await SectionAsync(context) is not { } section || await context.ReadBytesAsync("an object") is not { } text)
        {
            return;
        }

        var key = new ObjectKey(section.Key, context.PathPart(Name.Name));
        var (objects, problems) = ConfigurationPart.Read(key, text, ChangeOperations.FormatOf(context));
        if (objects is null)
        {
            await RefuseInvalidAsync(context, problems);
            return;
        }

        await PartChange.RunAsync(
            context,
            node,
            async book =>
            {
                var present = section.Find(book.Snapshot, key.Name);
                var part = present is null ? null : ConfigurationPart.Show(section, present);
                return await EntityTag.HoldsAsync(context, part) ? PutAll(book, objects) : null;
            }
        );
    }

    private static async Task PatchAsync(HttpContext context, NodeContext node)
    {
        if (await SectionAsync(context) is not { } section || await ReadPatchAsync(context) is not { } patch)
        {
            return;
        }

        var key = new ObjectKey(section.Key, context.PathPart(Name.Name));
        await PartChange.RunAsync(
            context,
            node,
            async book =>
            {
                if (section.Find(book.Snapshot, key.Name) is not { } present)
                {
                    await RefuseUnknownAsync(context, section, book.Snapshot, key.Name);
                    return null;
                }

                var part = ConfigurationPart.Show(section, present);
                if (!await EntityTag.HoldsAsync(context, part))
                {
                    return null;
                }

                var (objects, problems) = ConfigurationPart.Read(key, MergePatch.Apply(part, patch));
                if (objects is null)
                {
                    await RefuseInvalidAsync(context, problems);
                }

                return objects is null ? null : PutAll(book, objects);
            }
        );
    }

    private static async Task PatchWholeAsync(HttpContext context, NodeContext node)
    {
        if (await ReadPatchAsync(context) is { } patch)
        {
            await PartChange.RunAsync(context, node, book => WholePatch.DecideAsync(context, book, patch));
        }
    }

    private static async Task DeleteAsync(HttpContext context, NodeContext node)
    {
        if (await SectionAsync(context) is not { } section)
        {
            return;
        }

        var name = context.PathPart(Name.Name);
        await PartChange.RunAsync(
            context,
            node,
            async book =>
            {
                if (section.Find(book.Snapshot, name) is not { } present)
                {
                    await RefuseUnknownAsync(context, section, book.Snapshot, name);
                    return null;
                }

                var removal = ObjectChange.Remove(section.Key, name) with
                {
                    Before = section.Find(book.ContentOf(Source.Api), name),
                };
                return !await EntityTag.HoldsAsync(context, ConfigurationPart.Show(section, present)) ? null
                    : context.Flag("cascade") ? Cascade.Of(book, removal)
                    : [removal];
            }
        );
    }

    /// <summary>Each put in the place of what the API has now.</summary>
    internal static IReadOnlyList<ObjectChange> PutAll(SourceBook book, IEnumerable<INamed> objects)
    {
        var content = book.ContentOf(Source.Api);
        return
        [
            .. objects.Select(item =>
                ObjectChange.Put(item) with
                {
                    Before = SnapshotSection.KindOf(item).Find(content, item.Name),
                }
            ),
        ];
    }

    internal static Task RefuseInvalidAsync(HttpContext context, IReadOnlyList<Problem> problems) =>
        context.RefuseAsync(StatusCodes.Status400BadRequest, "it is not valid", problems);

    /// <summary>What a merge patch says; null after a refusal.</summary>
    internal static async Task<JsonObject?> ReadPatchAsync(HttpContext context)
    {
        if (await context.ReadBytesAsync("a JSON object") is not { } text)
        {
            return null;
        }

        JsonNode? node;
        try
        {
            node = JsonNode.Parse(text, null, Strict);
            ReadAll(node);
        }
        // A text that is no Unicode is found only when it is read.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            await context.RefuseAsync(StatusCodes.Status400BadRequest, $"the body is not understood: {error.Message}");
            return null;
        }

        if (node is JsonObject patch)
        {
            return patch;
        }

        await context.RefuseAsync(
            StatusCodes.Status400BadRequest,
            $"a merge patch is an object with the keys that change (RFC 7396), and not {node?.GetValueKind().ToString().ToLowerInvariant() ?? "null"}"
        );
        return null;
    }

    private static void ReadAll(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (_, value) in members)
                {
                    ReadAll(value);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    ReadAll(item);
                }

                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                _ = value.GetValue<string>();
                break;
        }
    }

    private static async Task<SnapshotSection?> SectionAsync(HttpContext context)
    {
        var kind = context.PathPart(Kind.Name);
        if (ConfigurationPart.Kinds.Contains(kind, StringComparer.Ordinal))
        {
            return SnapshotSection.Find(kind);
        }

        await context.RefuseUnknownAsync("kind of objects that the API changes", kind, ConfigurationPart.Kinds);
        return null;
    }

    private static Task RefuseUnknownAsync(
        HttpContext context,
        SnapshotSection section,
        Model.Snapshot snapshot,
        string name
    ) =>
        context.RefuseUnknownAsync(
            $"object in {section.Key} called",
            name,
            section.Of(snapshot).Select(one => one.Name)
        );
}
