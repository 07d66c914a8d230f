namespace Fulcrum.Configuration.Shapes;

/// <summary>Addresses of services that Fulcrum asks.</summary>
internal static class Urls
{
    /// <param name="schemes">The schemes that are understood.</param>
    public static ScalarShape<Uri> Of(params string[] schemes)
    {
        return new($"a URL that begins with {string.Join(" or ", schemes.Select(scheme => $"{scheme}://"))}", Parse, uri => uri.OriginalString)
        {
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
}
