using System.Text.Json.Nodes;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Schemas;

namespace Fulcrum.Api.Tests.OpenApi;

/// <summary>The committed document, read as any client would read it.</summary>
internal sealed class ApiDescription
{
    private readonly JsonObject _root = JsonNode
        .Parse(File.ReadAllText(Repository.PathOf("docs", "openapi.json")))!
        .AsObject();

    private readonly SchemaChecker _checker;

    public ApiDescription()
    {
        _checker = new(_root);
        Operations =
        [
            .. _root["paths"]!
                .AsObject()
                .SelectMany(path =>
                    path.Value!.AsObject()
                        .Select(method => new DescribedOperation(
                            (string)method.Value!["operationId"]!,
                            method.Key.ToUpperInvariant(),
                            path.Key,
                            method.Value!.AsObject()
                        ))
                ),
        ];
    }

    public IReadOnlyList<DescribedOperation> Operations { get; }

    public DescribedOperation this[string id] => Operations.Single(operation => operation.Id == id);

    /// <summary>Null: the operation says that it answers so. Else what is wrong with it.</summary>
    public string? WhyNot(DescribedOperation operation, int status, string? media, string text)
    {
        if (Resolve(operation.Responses[$"{status}"]) is not { } response)
        {
            return $"{operation.Id} does not say that it answers {status}";
        }

        if (response["content"] is not JsonObject content)
        {
            return text.Length > 0 ? $"{status} has a body that nothing is said of" : null;
        }

        if (media is null || content[media] is not { } described)
        {
            return $"{status} is of the type '{media}', and not of {string.Join(", ", content.Select(one => one.Key))}";
        }

        return media.EndsWith("json", StringComparison.Ordinal)
            ? _checker.Check(described["schema"]!.AsObject(), JsonNode.Parse(text))
            : null;
    }

    private JsonObject? Resolve(JsonNode? node) =>
        node?["$ref"] is { } reference
            ? ((string)reference!)
                .Split('/')
                .Skip(1)
                .Aggregate((JsonNode)_root, (inner, part) => inner[part]!)
                .AsObject()
            : node?.AsObject();
}
