using System.Text;

namespace Fulcrum.Protocols;

/// <summary>
/// What others write, as one line of text: UTF-8, where control characters stand as <c>\DDD</c>, because it is shown
/// in logs and terminals.
/// </summary>
internal static class OctetText
{
    public static string ToLine(ReadOnlySpan<byte> octets)
    {
        var text = Encoding.UTF8.GetString(octets);
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var line = new StringBuilder();
        foreach (var character in text)
        {
            _ = char.IsControl(character) ? line.Append($"\\{(int)character:D3}") : line.Append(character);
        }

        return line.ToString();
    }
}
