using System.Text;

namespace Fulcrum.Configuration.Shapes;

/// <summary>Enumerations: the written form of a member is its name in kebab case, unless another is given.</summary>
internal static class Words
{
    public static ScalarShape<T> Of<T>(params ReadOnlySpan<(T Value, string Word)> exceptions)
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>();
        var words = Enum.GetNames<T>();
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = Kebab(words[i]);
            foreach (var (value, word) in exceptions)
            {
                words[i] = value.Equals(values[i]) ? word : words[i];
            }
        }

        return From(values, words);
    }

    /// <summary>A closed set of words, each for the value at the same place.</summary>
    public static ScalarShape<T> From<T>(T[] values, string[] words)
        where T : notnull
    {
        // By place, not by value: a dictionary for each enumeration would be code to compile for each at every start.
        var places = new Dictionary<string, int>(words.Length, StringComparer.Ordinal);
        for (var i = 0; i < words.Length; i++)
        {
            places.Add(words[i], i);
        }

        var expected = words.Length == 1 ? words[0] : $"one of {string.Join(", ", words)}";
        return new(expected, Parse, value => words[Array.IndexOf(values, value)]) { Words = words };

        bool Parse(string text, out T value, out string? why)
        {
            why = null;
            var isWord = places.TryGetValue(text, out var place);
            value = values[place];
            return isWord;
        }
    }

    /// <summary>Words that stand for themselves.</summary>
    public static ScalarShape<string> From(params string[] words) => From(words, words);

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
