using System.Text;
using Fulcrum.Output;

namespace Fulcrum.Examining;

/// <summary>What was found, for people: a table, then how to mend what is not fine.</summary>
internal static class DoctorText
{
    public static string Of(IReadOnlyList<Thing> things, Look look)
    {
        var table = new Table(
            new("THING") { Least = 16 },
            new("STATE"),
            new("FOUND") { Least = 20 },
            new("NEEDED BY") { Least = 12, Drop = 1 }
        );
        foreach (var thing in things)
        {
            table.Add(
                thing.Name,
                new(WordOf(thing.State), ToneOf(thing.State)),
                thing.Found,
                string.Join(", ", thing.NeededBy)
            );
        }

        var text = new StringBuilder();
        table.AppendTo(text, "", look);
        foreach (var thing in things.Where(thing => thing.Mend is not null))
        {
            text.Append('\n');
            Append(text, $"{thing.Name}: {thing.Found}", "", ToneOf(thing.State), look);
            Append(text, $"needed by {string.Join(", ", thing.NeededBy)}", "  ", Tone.Dim, look);
            Append(text, $"mend: {thing.Mend}", "  ", Tone.Plain, look);
        }

        return text.Append('\n').Append(Sum(things)).Append('\n').ToString();
    }

    public static string WordOf(ThingState state) => state.ToString().ToLowerInvariant();

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
