using System.Globalization;

namespace Fulcrum.Protocols.Http2;

/// <summary>What the header blocks of a response say, and whether they may say it (RFC 9113 sections 8.1 to 8.3).</summary>
internal sealed class Http2Response
{
    /// <summary>0 until the final response has begun.</summary>
    public int StatusCode { get; private set; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; private set; } = [];

    public IReadOnlyList<(string Name, string Value)> Trailers { get; private set; } = [];

    /// <summary>Takes the next block; null when it may stand there, else what is wrong.</summary>
    public string? Take(List<(string Name, string Value)> fields, bool isLast)
    {
        var isTrailer = StatusCode != 0;
        if (fields.Exists(field => !IsName(field.Name) || field.Value.AsSpan().ContainsAny('\0', '\r', '\n')))
        {
            return "malformed field";
        }

        var statuses = isTrailer || fields.Count == 0 || fields[0].Name != ":status" ? 0 : 1;
        if (fields.FindLastIndex(field => field.Name[0] == ':') != statuses - 1)
        {
            return "pseudo-header fields where they may not be";
        }

        if (isTrailer)
        {
            Trailers = fields;
            return isLast ? null : "headers within the body";
        }

        if (statuses == 0 || !IsStatus(fields[0].Value, out var code))
        {
            return "no status";
        }

        // Interim responses (1xx) are passed over; none of them ends the stream, and there is nothing to switch to.
        if (code < 200)
        {
            return isLast || code == 101 ? $"status {code} is no response" : null;
        }

        StatusCode = code;
        Headers = fields[1..];
        return null;
    }

    private static bool IsName(string name) =>
        name.Length > 0
        && !name.AsSpan(1).Contains(':')
        && !name.AsSpan().ContainsAnyExceptInRange('!', '~')
        && !name.AsSpan().ContainsAnyInRange('A', 'Z');

    private static bool IsStatus(string text, out int code) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out code)
        && text.Length == 3
        && code is >= 100 and <= 599;
}
