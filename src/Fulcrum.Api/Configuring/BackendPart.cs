using System.Text.Json.Nodes;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Api.Configuring;

/// <summary>One backend within what is configured of its upstream.</summary>
internal static class BackendPart
{
    private const string Backends = "backends";
    private const string Address = "address";
    private const string Name = "name";

    /// <summary>As an object, also where the language has a short form. Null: there is none of that id.</summary>
    public static JsonObject? Find(JsonNode upstream, Upstream model, string id) =>
        IndexOf(model, id) is { } at ? Whole(ListOf(upstream)[at]!) : null;

    /// <summary>The upstream with this backend in the place of its namesake, or added.</summary>
    /// <param name="backend">Null: without it.</param>
    public static JsonObject With(JsonNode upstream, Upstream model, string id, JsonNode? backend)
    {
        var result = upstream.DeepClone().AsObject();
        var list = new JsonArray([.. ListOf(upstream).Select(one => one!.DeepClone())]);
        result[Backends] = list;
        var at = IndexOf(model, id);
        if (backend is null)
        {
            list.RemoveAt(at ?? throw new InvalidOperationException($"There is no backend '{id}'."));
        }
        else if (at is { } index)
        {
            list[index] = Named(backend, id);
        }
        else
        {
            list.Add(Named(backend, id));
        }

        return result;
    }

    // A list of one is written as that one.
    private static JsonArray ListOf(JsonNode upstream) =>
        upstream[Backends] switch
        {
            null => [],
            JsonArray list => list,
            var one => [one.DeepClone()],
        };

    // What it is called in the path is its address, unless the body has another: then it is its name.
    private static JsonNode Named(JsonNode backend, string id)
    {
        var result = Whole(backend);
        if (result is not null && !result.ContainsKey(Address))
        {
            result[Address] = id;
        }
        else if (result is not null && !result.ContainsKey(Name) && result[Address] is JsonValue address)
        {
            if (!(address.TryGetValue<string>(out var text) && text == id))
            {
                result[Name] = id;
            }
        }

        return result ?? backend.DeepClone();
    }

    // Whatever is neither an object nor a text is for the language to refuse.
    private static JsonObject? Whole(JsonNode backend) =>
        backend is JsonObject whole ? (JsonObject)whole.DeepClone()
        : backend is JsonValue value && value.TryGetValue<string>(out var address) ? new() { [Address] = address }
        : null;

    private static int? IndexOf(Upstream model, string id)
    {
        for (var i = 0; i < model.Backends.Count; i++)
        {
            if (model.Backends[i].Id == id)
            {
                return i;
            }
        }

        return null;
    }
}
