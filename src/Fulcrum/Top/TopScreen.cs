using System.Globalization;
using Fulcrum.Output;

namespace Fulcrum.Top;

/// <summary>One screen of <c>fulcrum top</c>.</summary>
internal static class TopScreen
{
    /// <summary>What stands where a rate is not known.</summary>
    private static Cell Unknown(Look look) => new(look.Unicode ? "–" : "-", Tone.Dim);

    /// <param name="rows">Lines of the screen. Null: all are shown.</param>
    /// <param name="trouble">Why what is shown is old.</param>
    public static IReadOnlyList<string> Lines(
        TopModel model,
        TopSort sort,
        bool isReversed,
        Look look,
        int? rows,
        string? trouble = null
    )
    {
        var lines = new List<string> { Title(model, look) };
        if (trouble is not null)
        {
            lines.Add(Ink.Paint(Fit(trouble, look), Tone.Bad, look));
        }

        lines.Add("");
        var table = Table(model, sort, isReversed, isLive: rows is not null, look);
        var room = rows is { } most ? Math.Max(2, most - lines.Count - 3) : int.MaxValue;
        lines.AddRange(table.Take(room));
        if (table.Count > room)
        {
            lines.Add(Ink.Paint($"{look.Ellipsis} and {table.Count - room} more", Tone.Dim, look));
        }
        else if (model.Rows.Count == 0)
        {
            lines.Add($"No {model.Kind}.");
        }

        return lines;
    }

    /// <summary>What can be pressed.</summary>
    public static string Keys(Look look) =>
        Ink.Paint(
            Fit($"q quit  tab {(look.Unicode ? "← →" : "arrows")} sort  r reverse  s services  b backends", look),
            Tone.Dim,
            look
        );

    private static string Title(TopModel model, Look look)
    {
        var time = look.Now.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var rates = model.Rows.Select(row => row.Rates).OfType<Rates>().ToList();
        string[] facts =
        [
            time,
            $"{model.Rows.Count} {(model.Rows.Count == 1 ? model.Kind.One : model.Kind.Many)}",
            $"{Amounts.Count(model.Rows.Sum(row => row.Counts.Active))} active",
            $"{Amounts.Rate(rates.Sum(rate => rate.Sessions))}/s",
            $"in {Amounts.Bytes(rates.Sum(rate => rate.BytesIn))}/s",
            $"out {Amounts.Bytes(rates.Sum(rate => rate.BytesOut))}/s",
        ];
        return Ink.Paint(Fit(string.Join($" {look.Dot} ", facts), look), Tone.Strong, look);
    }

    private static IReadOnlyList<string> Table(TopModel model, TopSort sort, bool isReversed, bool isLive, Look look)
    {
        // A minute on a wide terminal, less on others.
        var trend = look.Width switch
        {
            < 100 => 10,
            < 130 => 20,
            _ => 60,
        };
        var table = new Table(
            new(Sorted("NAME", TopSort.Name)) { Least = 16, KeepsEnd = true },
            new("HEALTH"),
            new("SERVING")
            {
                Right = true,
                Optional = true,
                Drop = 4,
            },
            new(Sorted("ACTIVE", TopSort.Active)) { Right = true },
            new(Sorted("CONN/S", TopSort.Sessions)) { Right = true },
            new(Sorted("IN/S", TopSort.In)) { Right = true, Drop = 1 },
            new(Sorted("OUT/S", TopSort.Out)) { Right = true, Drop = 1 },
            new("TREND") { Drop = 2 }
        );
        foreach (var row in model.Sorted(sort, isReversed))
        {
            table.Add(
                row.Name,
                Tones.Of(row.Health),
                row.Serving ?? "",
                Amounts.Count(row.Counts.Active),
                row.Rates is { } rates ? Amounts.Rate(rates.Sessions) : Unknown(look),
                row.Rates is { } received ? Amounts.Bytes(received.BytesIn) : Unknown(look),
                row.Rates is { } sent ? Amounts.Bytes(sent.BytesOut) : Unknown(look),
                // As wide as it will be, so that columns stay where they are while it grows.
                new(Sparkline.Of(row.Trend, trend, look.Unicode).PadLeft(isLive ? trend : 0), Tone.Dim)
            );
        }

        return table.Lines(look);

        string Sorted(string title, TopSort by) =>
            sort != by ? title
            : isReversed ? title + (look.Unicode ? "▲" : "^")
            : title + (look.Unicode ? "▼" : "v");
    }

    private static string Fit(string text, Look look) =>
        Output.Table.Fit(text, look.Width ?? int.MaxValue, false, look);
}
