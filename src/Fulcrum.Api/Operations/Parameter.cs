using System.Globalization;
using System.Text.Json.Nodes;

namespace Fulcrum.Api.Operations;

/// <summary>A value in the path or the query, and what it may be. Values that may not be are refused before the handler.</summary>
/// <param name="Name">As it stands in the query or between braces in the path.</param>
/// <param name="Description">One sentence.</param>
internal sealed record Parameter(string Name, string Description)
{
    private const int LongestText = 4096;

    /// <summary>It stands in the path.</summary>
    public bool IsInPath { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>It is one of these words. Empty: any text.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>It is a number from here to <see cref="Most"/>. Null: it is no number.</summary>
    public long? Least { get; init; }

    public long Most { get; init; } = long.MaxValue;

    /// <summary>For the document: what a good value looks like.</summary>
    public string? Example { get; init; }

    public static Parameter InPath(string name, string description) =>
        new(name, description) { IsInPath = true, IsRequired = true };

    /// <summary>A word that is true when it is there.</summary>
    public static Parameter Flag(string name, string description) =>
        new(name, description) { Words = ["true", "false"] };

    /// <summary>Null: the value may be. Else what was expected.</summary>
    public string? WhyNot(string value)
    {
        if (value.Length is 0 or > LongestText)
        {
            return $"a text of 1 to {LongestText} characters";
        }

        if (Words.Count > 0 && !Words.Contains(value, StringComparer.Ordinal))
        {
            return string.Join(", ", Words.SkipLast(1)) + " or " + Words[^1];
        }

        var isNumber = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return Least is { } least && !(isNumber && number >= least && number <= Most)
            ? Most == long.MaxValue
                ? $"a number from {least} on"
                : $"a number from {least} to {Most}"
            : null;
    }

    public JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = Least is null ? "string" : "integer" };
        if (Least is { } least)
        {
            schema["minimum"] = least;
            if (Most != long.MaxValue)
            {
                schema["maximum"] = Most;
            }
        }
        else if (Words.Count > 0)
        {
            schema["enum"] = new JsonArray([.. Words.Select(word => JsonValue.Create(word))]);
        }
        else
        {
            schema["minLength"] = 1;
            schema["maxLength"] = LongestText;
        }

        return schema;
    }
}
