using System.Text.Json.Nodes;

namespace Fulcrum.Api.Tests.OpenApi;

/// <summary>One operation of the document.</summary>
internal sealed record DescribedOperation(string Id, string Method, string Path, JsonObject Written)
{
    public JsonObject Responses => Written["responses"]!.AsObject();

    public IEnumerable<JsonObject> Parameters =>
        (Written["parameters"] as JsonArray ?? []).Select(one => one!.AsObject());

    public IEnumerable<JsonObject> InQuery => Parameters.Where(one => (string)one["in"]! == "query");

    public IEnumerable<string> InPath => Parameters.Where(one => (string)one["in"]! == "path").Select(NameOf);

    public IReadOnlyList<string> Media =>
        [.. (Written["requestBody"]?["content"]?.AsObject() ?? []).Select(one => one.Key)];

    public long MostBytes => (long)Written["requestBody"]!["x-most-bytes"]!;

    public bool IsEndless => Responses["200"]?["content"]?["text/event-stream"] is not null;

    public static string NameOf(JsonObject parameter) => (string)parameter["name"]!;
}
