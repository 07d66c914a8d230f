namespace Fulcrum.Following;

/// <summary>Which events are asked for.</summary>
/// <param name="Types">Words with commas between; null: all.</param>
/// <param name="Subject">How subjects begin; null: as they like.</param>
/// <param name="Since">The id of an event, <c>all</c>, or null: only what is new.</param>
internal sealed record EventQuery(string? Types, string? Subject, string? Since)
{
    public string Path
    {
        get
        {
            (string Key, string? Value)[] parts =
            [
                ("types", Types),
                ("subject", Subject),
                ("after", Since == "all" ? "0" : Since),
            ];
            var query = string.Join(
                '&',
                parts
                    .Where(part => part.Value is not null)
                    .Select(part => $"{part.Key}={Uri.EscapeDataString(part.Value!)}")
            );
            return "/api/v1/events" + (query.Length > 0 ? "?" + query : "");
        }
    }
}
