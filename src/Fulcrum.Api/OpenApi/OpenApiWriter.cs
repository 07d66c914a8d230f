using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fulcrum.Api.Operations;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.OpenApi;

/// <summary>
/// The API described for programs (OpenAPI 3.1), from the same table that routes and refuses, so that it cannot say
/// anything else than what is so. It is written when the sources change, is kept beside them, and a node serves that.
/// </summary>
internal sealed class OpenApiWriter
{
    private const string Json = "application/json";

    /// <summary>What any operation may answer instead.</summary>
    private static readonly int[] Common =
    [
        StatusCodes.Status400BadRequest,
        StatusCodes.Status401Unauthorized,
        StatusCodes.Status403Forbidden,
        StatusCodes.Status429TooManyRequests,
        StatusCodes.Status503ServiceUnavailable,
    ];

    private static readonly Dictionary<int, string> Meanings = new()
    {
        [StatusCodes.Status400BadRequest] = "It is not understood: what was sent, or a value in the query.",
        [StatusCodes.Status401Unauthorized] = "Who asks has to say who they are.",
        [StatusCodes.Status403Forbidden] = "Who asks may not.",
        [StatusCodes.Status404NotFound] = "There is no such thing.",
        [StatusCodes.Status409Conflict] =
            "It contradicts what is there, or belongs to another source; nothing was changed.",
        [StatusCodes.Status412PreconditionFailed] = "It is not what it was when it was read; nothing was changed.",
        [StatusCodes.Status413PayloadTooLarge] = "The body is too long.",
        [StatusCodes.Status415UnsupportedMediaType] = "The body is of a type that is not understood.",
        [StatusCodes.Status422UnprocessableEntity] =
            "It is understood, and this node cannot do it; nothing was changed.",
        [StatusCodes.Status429TooManyRequests] = "Too many requests; Retry-After says when there is room again.",
        [StatusCodes.Status503ServiceUnavailable] = "The node has no time now, or is stopping.",
        [StatusCodes.Status507InsufficientStorage] = "It could not be made durable; nothing was changed.",
    };

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        // The text goes to files and programs, not into HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly SchemaSet _schemas;
    private readonly LanguageSchemas _language;

    private OpenApiWriter(DocumentationFile documentation)
    {
        _schemas = new(documentation);
        _language = new(_schemas.All);
    }

    /// <param name="documentation">What the sources say about documents and their fields.</param>
    public static string Write(IEnumerable<Operation> operations, DocumentationFile documentation) =>
        new OpenApiWriter(documentation).WriteAll(operations).ToJsonString(Readable) + "\n";

    private JsonObject WriteAll(IEnumerable<Operation> operations)
    {
        var paths = new JsonObject();
        foreach (var path in operations.GroupBy(operation => operation.Path))
        {
            var item = new JsonObject();
            foreach (var operation in path)
            {
                item[operation.Method.ToLowerInvariant()] = WriteOne(operation);
            }

            paths[Operation.Root + path.Key] = item;
        }

        var responses = new JsonObject();
        foreach (var (status, meaning) in Meanings)
        {
            responses[NameOf(status)] = new JsonObject
            {
                ["description"] = meaning,
                ["content"] = Content("application/problem+json", _schemas.Of(ApiJson.Default.ProblemDocument)),
            };
        }

        return new()
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Fulcrum",
                ["version"] = "v1",
                ["description"] =
                    "The control API of one node. Lists come a page at a time: ask again with 'after' set to 'next'. Changes are made whole or not at all, and are durable when they are answered.",
                ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = new JsonArray(new JsonObject(), new JsonObject { ["token"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                },
                ["responses"] = responses,
                ["schemas"] = _schemas.Written(),
            },
        };
    }

    private JsonObject WriteOne(Operation operation)
    {
        var written = new JsonObject
        {
            ["operationId"] = operation.Id,
            ["summary"] = operation.Summary,
            ["tags"] = new JsonArray(operation.Chapter),
            ["x-role"] = operation.Role.ToString().ToLowerInvariant(),
        };
        if (operation.Parameters.Count > 0)
        {
            written["parameters"] = new JsonArray([.. operation.Parameters.Select(WriteOne)]);
        }

        if (operation.Body is { } body)
        {
            var content = new JsonObject();
            foreach (var media in body.Media)
            {
                content[media] = new JsonObject { ["schema"] = SchemaOf(body, media) };
            }

            written["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = content,
                ["x-most-bytes"] = body.MostBytes,
            };
        }

        written["responses"] = ResponsesOf(operation);
        return written;
    }

    private static JsonObject WriteOne(Parameter parameter)
    {
        var written = new JsonObject
        {
            ["name"] = parameter.Name,
            ["in"] = parameter.IsInPath ? "path" : "query",
            ["required"] = parameter.IsRequired,
            ["description"] = parameter.Description,
            ["schema"] = parameter.Schema(),
        };
        if (parameter.Example is { } example)
        {
            written["example"] = example;
        }

        return written;
    }

    private JsonObject ResponsesOf(Operation operation)
    {
        var responses = new JsonObject();
        foreach (var status in operation.Answers.GroupBy(answer => answer.Status))
        {
            var response = new JsonObject
            {
                ["description"] = string.Join(" ", status.Select(answer => answer.Description)),
            };
            var content = new JsonObject();
            foreach (var media in status.Where(HasBody).GroupBy(answer => answer.Media ?? Json))
            {
                var schemas = media
                    .Select(answer => answer.Document is { } type ? _schemas.Of(type) : new() { ["type"] = "string" })
                    .ToList();
                content[media.Key] = new JsonObject
                {
                    ["schema"] =
                        schemas.Count == 1 ? schemas[0] : new JsonObject { ["anyOf"] = new JsonArray([.. schemas]) },
                };
            }

            if (content.Count > 0)
            {
                response["content"] = content;
            }

            responses[NameOf(status.Key)] = response;
        }

        int[] ofBody = operation.Body is null
            ? []
            : [StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType];
        int[] ofChange = operation.Method == HttpMethods.Get ? [] : [StatusCodes.Status507InsufficientStorage];
        foreach (var status in Common.Concat(operation.Refusals).Concat(ofBody).Concat(ofChange).Distinct().Order())
        {
            responses[NameOf(status)] = new JsonObject { ["$ref"] = $"#/components/responses/{status}" };
        }

        return responses;
    }

    private JsonObject SchemaOf(Body body, string media) =>
        body.Document is { } document ? _schemas.Of(document)
        : media == Body.MergePatch ? new() { ["type"] = "object" }
        : _language.Of(body.Language!);

    private static bool HasBody(Answer answer) => answer.Document is not null || answer.Media is not null;

    private static JsonObject Content(string media, JsonObject schema) =>
        new() { [media] = new JsonObject { ["schema"] = schema } };

    private static string NameOf(int status) => status.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
