using System.Globalization;

namespace Fulcrum.Bench;

/// <summary><c>--name number</c> pairs, each with a default.</summary>
internal static class Arguments
{
    /// <summary>The values in the order of <paramref name="known"/>, or null after telling what is wrong.</summary>
    public static double[]? Parse(string[] arguments, params (string Name, double Default)[] known)
    {
        var values = known.Select(option => option.Default).ToArray();
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var option = Array.FindIndex(known, option => arguments[i] == $"--{option.Name}");
            if (
                option < 0
                || i + 1 == arguments.Length
                || !double.TryParse(
                    arguments[i + 1],
                    NumberStyles.Float,
                    CultureInfo.InvariantCulture,
                    out values[option]
                )
                || !(values[option] > 0)
            )
            {
                var options = string.Join(" ", known.Select(option => $"[--{option.Name} {option.Default}]"));
                Console.Error.WriteLine($"not understood: {arguments[i]}; options and their defaults: {options}");
                return null;
            }
        }

        return values;
    }
}
