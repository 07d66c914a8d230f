using System.Text;

namespace Fulcrum.Configuration.Shapes;

/// <summary>Enumerations: the written form of a member is its name in kebab case, unless another is given.</summary>
internal static class Words
{
    public static ScalarShape<T> Of<T>(params IEnumerable<(T Value, string Word)> exceptions)
        where T : struct, Enum
    {
        var special = exceptions.ToDictionary(pair => pair.Value, pair => pair.Word);
        return From(
            Enum.GetValues<T>().Select(value => (value, special.GetValueOrDefault(value) ?? Kebab(value.ToString())))
        );
    }

    /// <summary>A closed set of words, each for a value.</summary>
    public static ScalarShape<T> From<T>(IEnumerable<(T Value, string Word)> words)
        where T : notnull
    {
        var byWord = new Dictionary<string, T>(StringComparer.Ordinal);
        var byValue = new Dictionary<T, string>();
        foreach (var (value, word) in words)
        {
            byWord.Add(word, value);
            byValue.Add(value, word);
        }

        var expected = byWord.Count == 1 ? byWord.Keys.First() : $"one of {string.Join(", ", byWord.Keys)}";
        return new(expected, Parse, value => byValue[value]) { Words = [.. byWord.Keys] };

        bool Parse(string text, out T value, out string? why)
        {
            why = null;
            return byWord.TryGetValue(text, out value!);
        }
    }

    /// <summary><c>WeightedRoundRobin</c> is <c>weighted-round-robin</c>.</summary>
    public static string Kebab(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
