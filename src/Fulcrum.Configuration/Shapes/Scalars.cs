using System.Globalization;

namespace Fulcrum.Configuration.Shapes;

/// <summary>Texts, names, numbers and truth values.</summary>
internal static class Scalars
{
    private const int LongestName = 253;

    public static ScalarShape<bool> Boolean { get; } =
        new("true or false", ParseBoolean, value => value ? "true" : "false")
        {
            Name = "boolean",
            Types = ["boolean"],
            Pattern = "true|false",
        };

    /// <summary>Any text, also an empty one in quotes.</summary>
    public static TextShape Text { get; } = new("a text");

    /// <summary>Text that a number or truth value may stand for: what labels hold.</summary>
    public static TextShape FreeText { get; } = new("a text") { TakesNumbers = true };

    /// <summary>
    /// Names of objects: letters and digits with <c>- _ . @ : /</c> between them, so that host names, addresses with
    /// ports, Kubernetes' namespace/name and mail addresses are names.
    /// </summary>
    public static ScalarShape<string> Name { get; } =
        new("a name: letters and digits, with - _ . @ : / between them", ParseName, name => name)
        {
            Name = "name",
            Pattern = "[A-Za-z0-9_]([A-Za-z0-9_.@:/-]*[A-Za-z0-9_])?",
        };

    /// <summary>Keys of labels and fields, codes and other texts without spaces.</summary>
    public static ScalarShape<string> Word { get; } =
        new("a word without spaces", ParseWord, word => word) { Name = "word", Pattern = @"[^\s\u0000-\u001f]+" };

    /// <summary>One line: what a header or a message can hold.</summary>
    public static ScalarShape<string> Line { get; } =
        new("a text of one line", ParseLine, line => line)
        {
            Name = "line",
            Types = ["number", "boolean"],
            Pattern = @"[^\u0000-\u001f]*",
        };

    /// <summary>A path in the file system.</summary>
    public static ScalarShape<string> FilePath { get; } =
        new("the path of a file", ParsePath, path => path) { Name = "file-path", Pattern = @"[^\u0000-\u001f]+" };

    /// <summary>A network interface: at most 15 characters (IFNAMSIZ), no slash, no space.</summary>
    public static ScalarShape<string> InterfaceName { get; } =
        new("the name of a network interface", ParseInterface, name => name)
        {
            Name = "interface-name",
            Pattern = @"[^\s/\u0000-\u001f]{1,15}",
        };

    public static ScalarShape<int> Integer(int minimum, int maximum) =>
        new(
            $"a number from {minimum} to {maximum}",
            Parser(minimum, maximum),
            value => value.ToString(CultureInfo.InvariantCulture)
        )
        {
            Types = ["integer"],
            Pattern = minimum < 0 ? "-?[0-9]+" : "[0-9]+",
            Minimum = minimum,
            Maximum = maximum,
        };

    public static ScalarShape<int> Count { get; } = Integer(0, int.MaxValue);

    public static ScalarShape<int> PositiveCount { get; } = Integer(1, int.MaxValue);

    public static ScalarShape<int> Port { get; } = Integer(1, 65535);

    public static ScalarShape<uint> Unsigned(uint minimum) =>
        new(
            $"a number from {minimum} to {uint.MaxValue}",
            UnsignedParser(minimum),
            value => value.ToString(CultureInfo.InvariantCulture)
        )
        {
            Types = ["integer"],
            Pattern = "[0-9]+",
            Minimum = minimum,
            Maximum = uint.MaxValue,
        };

    private static bool ParseBoolean(string text, out bool value, out string? why)
    {
        value = text == "true";
        why = null;
        return text is "true" or "false";
    }

    private static bool ParseName(string text, out string value, out string? why)
    {
        value = text;
        why = text.Length > LongestName ? $"longer than {LongestName} characters" : null;
        if (text.Length == 0 || why is not null)
        {
            return false;
        }

        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.' or '@' or ':' or '/'))
            {
                return false;
            }
        }

        return IsEdge(text[0]) && IsEdge(text[^1]);

        static bool IsEdge(char letter) => char.IsAsciiLetterOrDigit(letter) || letter == '_';
    }

    private static bool ParseWord(string text, out string value, out string? why)
    {
        value = text;
        why = text.Length > LongestName ? $"longer than {LongestName} characters" : null;
        return text.Length > 0
            && why is null
            && !text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter));
    }

    private static bool ParseLine(string text, out string value, out string? why)
    {
        value = text;
        why = null;
        return !text.Any(char.IsControl);
    }

    private static bool ParsePath(string text, out string value, out string? why)
    {
        value = text;
        why = null;
        return text.Length is > 0 and < 4096 && !text.Any(char.IsControl);
    }

    public static bool IsInterfaceName(string text, out string? why)
    {
        why = text.Length > 15 ? "longer than 15 characters" : null;
        return text.Length is > 0 and <= 15
            && text is not ("." or "..")
            && !text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter == '/');
    }

    private static bool ParseInterface(string text, out string value, out string? why)
    {
        value = text;
        return IsInterfaceName(text, out why);
    }

    private static ParseText<int> Parser(int minimum, int maximum) =>
        (string text, out int value, out string? why) =>
        {
            why = null;
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
                && value >= minimum
                && value <= maximum;
        };

    private static ParseText<uint> UnsignedParser(uint minimum) =>
        (string text, out uint value, out string? why) =>
        {
            why = null;
            return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= minimum;
        };
}
