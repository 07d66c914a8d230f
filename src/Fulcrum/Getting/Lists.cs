namespace Fulcrum.Getting;

/// <summary>Several things in one cell.</summary>
internal static class Lists
{
    /// <summary>As a selector asks for them: <c>rack=a,tier=web</c>.</summary>
    public static string Labels(IReadOnlyDictionary<string, string> labels) =>
        string.Join(
            ',',
            labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}")
        );
}
