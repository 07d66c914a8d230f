using System.Globalization;

namespace Fulcrum.Output;

/// <summary>Numbers as people read them at a glance: three digits and a unit.</summary>
internal static class Amounts
{
    private static readonly string[] Sizes = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    private static readonly string[] Counts = ["", "k", "M", "G", "T", "P", "E"];

    /// <summary><c>1.2 MiB</c>.</summary>
    public static string Bytes(double bytes)
    {
        var (value, unit) = Scale(bytes, 1024, Sizes.Length);
        return unit == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{value:0} B")
            : $"{Digits(value)} {Sizes[unit]}";
    }

    /// <summary><c>3.4k</c>; what is less than 10,000 is exact.</summary>
    public static string Count(long count)
    {
        const int exact = 10_000;
        if (Math.Abs((double)count) < exact)
        {
            return count.ToString(CultureInfo.InvariantCulture);
        }

        var (value, unit) = Scale(count, 1000, Counts.Length);
        return Digits(value) + Counts[unit];
    }

    /// <summary>Of something in a second: <c>0.2</c>, <c>12</c>, <c>3.4k</c>.</summary>
    public static string Rate(double rate)
    {
        var (value, unit) = Scale(rate, 1000, Counts.Length);
        return Digits(value) + Counts[unit];
    }

    // What rounding lifts to the next unit belongs there: 1023.96 KiB is 1 MiB.
    private static (double Value, int Unit) Scale(double value, int step, int units)
    {
        var unit = 0;
        while (Math.Abs(Math.Round(value, value < 10 ? 1 : 0)) >= step && unit < units - 1)
        {
            (value, unit) = (value / step, unit + 1);
        }

        return (value, unit);
    }

    private static string Digits(double value) =>
        value.ToString(Math.Abs(value) < 9.95 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
