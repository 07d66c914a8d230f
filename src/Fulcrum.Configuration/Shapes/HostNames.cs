namespace Fulcrum.Configuration.Shapes;

/// <summary>Host names after RFC 1123 section 2.1; an underscore may begin a label, as in SRV owner names (RFC 2782).</summary>
internal static class HostNames
{
    public const string Pattern = @"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?";

    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.EndsWith("."))
        {
            name = name[..^1];
        }

        if (name.Length is 0 or > 253)
        {
            return false;
        }

        var start = 0;
        var digitsOnly = true;
        for (var i = 0; i <= name.Length; i++)
        {
            if (i == name.Length || name[i] == '.')
            {
                if (i - start is 0 or > 63 || name[start] == '-' || name[i - 1] == '-')
                {
                    return false;
                }

                // The last label must not be a number: "10.0.0.300" is a mistyped address, not a name.
                if (i < name.Length)
                {
                    start = i + 1;
                    digitsOnly = true;
                }
            }
            else if (!char.IsAsciiLetterOrDigit(name[i]) && name[i] is not ('-' or '_'))
            {
                return false;
            }
            else
            {
                digitsOnly &= char.IsAsciiDigit(name[i]);
            }
        }

        return !digitsOnly;
    }
}
