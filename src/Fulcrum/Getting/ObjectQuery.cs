using System.Text.Json.Nodes;
using Fulcrum.Api.Problems;
using Fulcrum.Hosting;

namespace Fulcrum.Getting;

/// <summary>What is asked for: all of a kind, those that fit a filter, or those of a name.</summary>
/// <param name="kind">What they are.</param>
/// <param name="name">A name, the beginning of one, or the group of several. Null: all.</param>
/// <param name="filter">Further keys of the query: <c>select</c>, <c>verdict</c>.</param>
/// <param name="most">So many at most; the node may have more than a program can hold.</param>
internal sealed class ObjectQuery(
    ObjectKind kind,
    string? name,
    IReadOnlyList<KeyValuePair<string, string>> filter,
    int most
)
{
    /// <summary>Of one request; the node gives no more at once.</summary>
    private const int PageLimit = 10_000;

    // Once the beginning of a name has found its object, it stays with that.
    private string? _name = name;

    public ObjectKind Kind => kind;

    /// <exception cref="ApiException">No answer, or there is no such object.</exception>
    public async Task<ObjectList> ReadAsync(ApiClient client, CancellationToken cancellation)
    {
        if (_name is null)
        {
            return await ListAsync(client, filter, cancellation);
        }

        var (found, refusal) = await ExactAsync(client, _name, cancellation);
        if (found is not null)
        {
            return found;
        }

        var all = await ListAsync(client, filter, cancellation);
        var match = NameMatch.Of(_name, all.Items.SelectMany(kind.NamesOf));
        switch (match)
        {
            case { Names: [var one] } when refusal is not null && one != _name:
                _name = one;
                (found, _) = await ExactAsync(client, one, cancellation);
                return found ?? throw Refuse(WhyNone(one, match));
            case { Names.Count: > 0, IsAmbiguous: false }:
                return all.Only(item => kind.NamesOf(item).Any(match.Names.Contains), isOne: match.IsOne);
            case { IsAmbiguous: true }:
                throw Refuse(match.WhichOnes(_name));
            default:
                throw refusal ?? Refuse(WhyNone(_name, match));
        }
    }

    // Without the lists that can be long, where the node knows the name as it is.
    private async Task<(ObjectList? Found, ApiException? Refusal)> ExactAsync(
        ApiClient client,
        string exact,
        CancellationToken cancellation
    )
    {
        try
        {
            if (kind.NameFilter is { } key)
            {
                var found = await ListAsync(client, [.. filter, new(key, exact)], cancellation);
                return (found with { IsOne = found.Items.Any(item => kind.NamesOf(item)[0] == exact) }, null);
            }

            if (kind.PathOf(exact) is { } path)
            {
                var item = await ReadAsync(client, path, cancellation);
                return (new(item, [item], 0, IsOne: true), null);
            }

            return (null, null);
        }
        catch (ApiException error) when (error.Refusal?.Status == 404)
        {
            return (null, error);
        }
    }

    private async Task<ObjectList> ListAsync(
        ApiClient client,
        IReadOnlyList<KeyValuePair<string, string>> query,
        CancellationToken cancellation
    )
    {
        var items = new List<JsonNode>();
        JsonObject? last = null;
        string? after = null;
        do
        {
            KeyValuePair<string, string>[] page =
            [
                .. query,
                new("limit", $"{Math.Min(PageLimit, most - items.Count)}"),
                .. after is null ? [] : new KeyValuePair<string, string>[] { new("after", after) },
            ];
            var path = $"/api/v1/{kind.Many}?{string.Join('&', page.Select(Text))}";
            last = await ReadAsync(client, path, cancellation) as JsonObject;
            var read = (last?["items"] as JsonArray ?? throw NodeJson.Strange()).OfType<JsonNode>().ToList();
            items.AddRange(read);
            after = read.Count == 0 && !IsCut(last!) ? null : last!["next"]?.ToString();
        } while (after is not null && items.Count < most);

        // A list of one page is given on as it came.
        if (items.Count > last!["items"]!.AsArray().Count)
        {
            last["items"] = new JsonArray([.. items.Select(item => item.DeepClone())]);
        }

        return new(
            last,
            items,
            last["more"] is JsonValue more && more.TryGetValue<int>(out var left) ? left : 0,
            IsOne: false
        );
    }

    // The node did not look at everything: the next page may have what this one has not.
    private static bool IsCut(JsonObject list) =>
        list["cut"] is JsonValue cut && cut.TryGetValue<bool>(out var isCut) && isCut;

    private static async Task<JsonNode> ReadAsync(ApiClient client, string path, CancellationToken cancellation) =>
        NodeJson.Parse(await client.ReadAsync(HttpMethod.Get, path, null, json: true, cancellation));

    private string WhyNone(string wanted, NameMatch match) =>
        $"there is no {kind.One} '{wanted}'{(match.Near is { } near ? $"; did you mean '{near}'?" : $"; 'fulcrum get {kind.Many}' lists them")}";

    private static ApiException Refuse(string why) =>
        new(why)
        {
            Refusal = new ProblemDocument { Title = why, Status = 404 },
        };

    private static string Text(KeyValuePair<string, string> one) => $"{one.Key}={Uri.EscapeDataString(one.Value)}";
}
