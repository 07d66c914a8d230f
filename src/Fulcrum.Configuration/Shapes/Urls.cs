namespace Fulcrum.Configuration.Shapes;

/// <summary>Addresses of services that Fulcrum asks.</summary>
internal static class Urls
{
    /// <param name="schemes">The schemes that are understood.</param>
    public static ScalarShape<Uri> Of(params string[] schemes)
    {
        return new(
            $"a URL that begins with {string.Join(" or ", schemes.Select(scheme => $"{scheme}://"))}",
            Parse,
            uri => uri.OriginalString
        )
        {
            Conceal = WithoutUser,
            Pattern = $"({string.Join('|', schemes)})://.+",
        };

        bool Parse(string text, out Uri value, out string? why)
        {
            why = null;
            if (!Uri.TryCreate(text, UriKind.Absolute, out value!) || !schemes.Contains(value.Scheme))
            {
                return false;
            }

            if (value.UserInfo.Length > 0)
            {
                why = "a user or password must not stand in the configuration";
                return false;
            }

            return true;
        }
    }

    // What stands between // and @ may be a password.
    private static string WithoutUser(string text)
    {
        var at = text.LastIndexOf('@');
        var start = text.IndexOf("//", StringComparison.Ordinal) + 2;
        return at < start || start < 2 ? text : text.Remove(start, at + 1 - start);
    }
}
