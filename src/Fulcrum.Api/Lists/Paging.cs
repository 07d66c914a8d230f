using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Api.Lists;

/// <summary>
/// Long lists, a page at a time. A page goes on after a name, and not after a count: whatever came or went between two
/// pages, nobody is told twice or left out.
/// </summary>
internal static class Paging
{
    private const int UsualLimit = 1000;

    public static IReadOnlyList<Parameter> Parameters { get; } =
    [
        new("limit", "so many at most; 1000 where it is left out") { Least = 1, Most = 10_000 },
        new("after", "only those after this one; 'next' of the page before"),
    ];

    /// <summary>How many a request asks for.</summary>
    public static int Limit(this HttpContext context) => (int)(context.Number("limit") ?? UsualLimit);

    /// <summary>The page that a request asks for.</summary>
    /// <param name="items">All that fit the request.</param>
    /// <param name="name">Unique; pages are in the ordinal order of names.</param>
    /// <param name="show">Called for what is on the page alone.</param>
    public static ListDocument<TDocument> Page<T, TDocument>(
        this HttpContext context,
        IEnumerable<T> items,
        Func<T, string> name,
        Func<T, TDocument> show
    )
    {
        var limit = context.Limit();
        var after = context.Text("after");
        var rest = items
            .Select(item => (Item: item, Name: name(item)))
            .Where(one => after is null || string.CompareOrdinal(one.Name, after) > 0)
            .ToList();
        rest.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        var more = Math.Max(0, rest.Count - limit);
        return new()
        {
            Items = [.. rest.Take(limit).Select(one => show(one.Item))],
            Next = more > 0 ? rest[limit - 1].Name : null,
            More = more,
        };
    }
}
