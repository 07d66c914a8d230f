using System.Globalization;
using Fulcrum.Configuration.Shapes;

namespace Fulcrum.Configuration.Language;

/// <summary>BGP communities (RFC 1997), large ones (RFC 8092) and the well-known names (RFC 1997, RFC 8326, RFC 9494).</summary>
internal static class Communities
{
    private static readonly string[] WellKnown =
    [
        "no-export",
        "no-advertise",
        "no-export-subconfed",
        "no-peer",
        "blackhole",
        "graceful-shutdown",
    ];

    public static ScalarShape<string> Shape { get; } =
        new("a community such as 64512:53, large:64512:1:2 or no-export", Parse, text => text)
        {
            Pattern = $"[0-9]+:[0-9]+|large:[0-9]+:[0-9]+:[0-9]+|{string.Join('|', WellKnown)}",
        };

    private static bool Parse(string text, out string value, out string? why)
    {
        value = text;
        why = null;
        var parts = text.Split(':');
        return WellKnown.Contains(text)
            || (parts is [var high, var low] && IsNumber(high, ushort.MaxValue) && IsNumber(low, ushort.MaxValue))
            || (parts is ["large", _, _, _] && parts.Skip(1).All(part => IsNumber(part, uint.MaxValue)));
    }

    private static bool IsNumber(string text, uint maximum) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= maximum;
}
