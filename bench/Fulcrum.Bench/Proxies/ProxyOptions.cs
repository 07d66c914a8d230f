using System.Globalization;

namespace Fulcrum.Bench.Proxies;

/// <summary>What <c>bench/proxy</c> is told.</summary>
/// <param name="Rounds">How often each contender is measured in each row.</param>
/// <param name="Duration">How long, each time.</param>
/// <param name="Loops">Threads of each proxy.</param>
/// <param name="Veth">Over a pair of virtual network cards and not over loopback.</param>
/// <param name="Rows">Which rows.</param>
internal sealed record ProxyOptions(int Rounds, TimeSpan Duration, int Loops, bool Veth, IReadOnlyList<Row> Rows)
{
    private const int MostLoops = 64;
    private const double LongestSeconds = 600;

    public static string Usage =>
        $"proxy [--rounds 9] [--seconds 2] [--loops 1] [--veth] [--rows {string.Join(',', Row.All.Select(row => row.Name))}]";

    /// <summary>Null after telling what is wrong.</summary>
    public static ProxyOptions? Parse(string[] arguments)
    {
        var options = new ProxyOptions(9, TimeSpan.FromSeconds(2), 1, Veth: false, Row.All);
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            var changed = arguments[i] switch
            {
                "--rounds" when Whole(value, int.MaxValue) is { } rounds => options with { Rounds = rounds },
                "--seconds" when Seconds(value) is { } duration => options with { Duration = duration },
                "--loops" when Whole(value, MostLoops) is { } loops => options with { Loops = loops },
                "--rows" when Named(value) is { } rows => options with { Rows = rows },
                "--veth" => options with { Veth = true },
                _ => null,
            };
            if (changed is null)
            {
                Console.Error.WriteLine($"not understood: {arguments[i]} {value}\nusage: {Usage}");
                return null;
            }

            options = changed;
            i += arguments[i] == "--veth" ? 0 : 1;
        }

        return options;
    }

    private static int? Whole(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number > 0
        && number <= most
            ? number
            : null;

    private static TimeSpan? Seconds(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number > 0
        && number <= LongestSeconds
            ? TimeSpan.FromSeconds(number)
            : null;

    private static Row[]? Named(string text)
    {
        var names = text.Split(',');
        return names.All(name => Row.All.Any(row => row.Name == name))
            ? Row.All.Where(row => names.Contains(row.Name)).ToArray()
            : null;
    }
}
