namespace Fulcrum.Configuration.Problems;

/// <summary>Finds what was probably meant, by edit distance (Damerau's, of adjacent transpositions).</summary>
internal static class Nearest
{
    private const int LongestWord = 64;

    /// <summary>The closest of the words, or null when none is close.</summary>
    public static string? Of(string word, IEnumerable<string> words)
    {
        if (word.Length is 0 or > LongestWord)
        {
            return null;
        }

        string? best = null;
        // A third of the word may be wrong; of a short word one letter.
        var bound = Math.Max(1, word.Length / 3);
        foreach (var candidate in words)
        {
            if (Math.Abs(candidate.Length - word.Length) > bound)
            {
                continue;
            }

            var distance = Distance(word, candidate);
            if (distance <= bound && (distance < bound || best is null))
            {
                best = candidate;
                bound = distance;
            }
        }

        return best;
    }

    private static int Distance(string left, string right)
    {
        Span<int> before = stackalloc int[right.Length + 1];
        Span<int> last = stackalloc int[right.Length + 1];
        Span<int> row = stackalloc int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = Same(left[i - 1], right[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            last.CopyTo(before);
            row.CopyTo(last);
        }

        return last[right.Length];
    }

    // Whoever writes max_connections or maxConnections means max-connections.
    private static bool Same(char left, char right) =>
        char.ToLowerInvariant(left) == char.ToLowerInvariant(right) || (left == '_' && right == '-');
}
