namespace Fulcrum.Output;

/// <summary>Sentences in lines.</summary>
internal static class Prose
{
    /// <summary>Lines of at most so many columns, broken between words; a word that is longer stands alone and is not cut.</summary>
    public static IReadOnlyList<string> Wrap(string text, int? width)
    {
        if (width is not { } room)
        {
            return [text];
        }

        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && CellWidth.Of(line) + 1 + CellWidth.Of(word) > room)
            {
                lines.Add(line);
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        lines.Add(line);
        return lines;
    }
}
