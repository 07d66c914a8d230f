namespace Fulcrum.Top;

/// <summary>A small curve in letters.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";
    private const string Ascii = "_.-:=+*#";

    /// <summary>A letter for each value, the greatest of them the full height; a gap where nothing is known.</summary>
    /// <param name="values">The oldest first.</param>
    /// <param name="width">Only the last so many.</param>
    public static string Of(IReadOnlyCollection<double?> values, int width, bool isUnicode)
    {
        var shown = values.Skip(Math.Max(0, values.Count - width)).ToList();
        var steps = isUnicode ? Blocks : Ascii;
        var most = shown.Max() ?? 0;
        return string.Concat(
            shown.Select(value =>
                value is not { } known ? ' '
                : most <= 0 ? steps[0]
                : steps[Math.Clamp((int)Math.Round(known / most * (steps.Length - 1)), 0, steps.Length - 1)]
            )
        );
    }
}
