using System.Text;
using Fulcrum.Output;

namespace Fulcrum.Examining;

/// <summary>What was found, for people: a table, then how to mend what is not fine.</summary>
internal static class DoctorText
{
    /// <summary>Thousands of services may need the same; nobody reads more of them.</summary>
    private const int MostNames = 6;

    public static string Of(MachineFacts facts, IReadOnlyList<Thing> things, Look look)
    {
        var table = new Table(
            new("THING"),
            new("STATE"),
            new("FOUND") { Least = 20 },
            new("NEEDED BY") { Least = 12, Drop = 1 }
        );
        foreach (var thing in things)
        {
            table.Add(thing.Name, new(WordOf(thing.State), ToneOf(thing.State)), thing.Found, Some(thing.NeededBy));
        }

        var text = new StringBuilder();
        Append(text, $"Linux {facts.Kernel}, with the rights of {facts.User}", "", Tone.Dim, look);
        text.Append('\n');
        table.AppendTo(text, "", look);
        // What could not be found out has one cause.
        foreach (var alike in things.Where(thing => thing.Mend is not null).GroupBy(thing => (thing.Found, thing.Mend)))
        {
            text.Append('\n');
            var names = string.Join(", ", alike.Select(thing => thing.Name));
            Append(text, $"{names}: {alike.Key.Found}", "", ToneOf(alike.First().State), look);
            var who = alike.SelectMany(thing => thing.NeededBy).Distinct(StringComparer.Ordinal).ToList();
            Append(text, $"needed by {Some(who)}", "  ", Tone.Dim, look);
            Append(text, $"mend: {alike.Key.Mend}", "  ", Tone.Plain, look);
        }

        return text.Append('\n').Append(Sum(things)).Append('\n').ToString();
    }

    public static string WordOf(ThingState state) => state.ToString().ToLowerInvariant();

    private static string Some(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNames))
        + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");

    private static string Sum(IReadOnlyList<Thing> things)
    {
        var counts = new (ThingState State, string Words)[]
        {
            (ThingState.Lacking, "lacking"),
            (ThingState.Unknown, "not known"),
            (ThingState.Limited, "limited"),
            (ThingState.Fine, "fine"),
        };
        return string.Join(
            ", ",
            counts
                .Select(one => (Count: things.Count(thing => thing.State == one.State), one.Words))
                .Where(one => one.Count > 0)
                .Select(one => $"{one.Count} {one.Words}")
        );
    }

    private static void Append(StringBuilder text, string sentence, string indent, Tone tone, Look look)
    {
        foreach (var line in Prose.Wrap(Table.Clean(sentence), look.Width - indent.Length))
        {
            text.Append(indent).Append(Ink.Paint(line, tone, look)).Append('\n');
        }
    }

    private static Tone ToneOf(ThingState state) =>
        state switch
        {
            ThingState.Fine => Tone.Good,
            ThingState.Lacking => Tone.Bad,
            _ => Tone.Warning,
        };
}
