using System.Globalization;

namespace Fulcrum.Engine.Journaling.Files;

/// <summary>
/// <c>journal-7</c> is a file of the journal, the one with the highest number the one in use; <c>journal-8.new</c> is
/// not complete; <c>journal-6.damaged</c> is kept for people to look at. All other names are somebody else's.
/// </summary>
internal readonly record struct JournalName(long Number, string Suffix)
{
    public const string Unfinished = ".new";
    public const string Damaged = ".damaged";

    private const string Prefix = "journal-";
    private const int MostDigits = 15;

    public static JournalName? Parse(string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = name.AsSpan(Prefix.Length);
        var digits = rest.IndexOf('.') is var dot and >= 0 ? rest[..dot] : rest;
        var suffix = rest[digits.Length..].ToString();
        return
            suffix is "" or Unfinished or Damaged
            && digits.Length is > 0 and <= MostDigits
            && digits[0] != '0'
            && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(number, suffix)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Number}{Suffix}");
}
