using Fulcrum.Configuration.Shapes;

namespace Fulcrum.Configuration.Language;

/// <summary>Who may use a file, as chmod(1) has it in octal: <c>0660</c>.</summary>
internal static class FileModeText
{
    private const int Most = 0xFFF;

    public static ScalarShape<UnixFileMode> Shape { get; } =
        new("the mode of a file in octal, such as 0660", Parse, Format)
        {
            Name = "file-mode",
            Pattern = "0?[0-7]{3,4}",
            Examples = ["0660", "0666"],
        };

    private static string Format(UnixFileMode mode) => "0" + Convert.ToString((int)mode, 8).PadLeft(3, '0');

    private static bool Parse(string text, out UnixFileMode value, out string? why)
    {
        (value, why) = (default, null);
        if (text.Length is < 3 or > 5 || text.Any(digit => digit is < '0' or > '7'))
        {
            return false;
        }

        value = (UnixFileMode)Convert.ToInt32(text, 8);
        return (int)value <= Most;
    }
}
