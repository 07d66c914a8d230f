using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Fulcrum.Api.Events;
using Fulcrum.Getting;
using Fulcrum.Output;

namespace Fulcrum.Following;

/// <summary>An event as a line: for people, or as JSON.</summary>
internal static class EventText
{
    private const string Gap = "gap";

    /// <summary>The longest type is <c>configuration</c>.</summary>
    private const int TypeWidth = 13;

    private const int Narrow = 120;

    /// <exception cref="Hosting.ApiException">It is something else.</exception>
    public static string Json(EventFrame frame)
    {
        var data = NodeJson.Parse(frame.Data);
        if (frame.Type == Gap && data is JsonObject gap)
        {
            gap.Insert(0, "type", Gap);
        }

        return Documents.Line(data);
    }

    /// <exception cref="Hosting.ApiException">It is something else.</exception>
    public static string Line(EventFrame frame, Look look)
    {
        if (frame.Type == Gap)
        {
            var missed = NodeJson.Read(frame.Data, NodeJson.Lenient.GapDocument).Missed;
            var what = missed is { } count
                ? $"{count} {(count == 1 ? "event is" : "events are")} missing here: the node does not keep them any more"
                : "events may be missing here: the node was started anew";
            return Fitted([new(what, Tone.Warning)], look);
        }

        var one = NodeJson.Read(frame.Data, NodeJson.Lenient.EventDocument);
        // What happened matters more than the day, and than a type that the subject nearly always begins with.
        var isNarrow = look.Width < Narrow;
        var time = isNarrow ? "HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        return Fitted(
            [
                new(one.At.UtcDateTime.ToString(time, CultureInfo.InvariantCulture), Tone.Dim),
                new(isNarrow ? "" : one.Type.PadRight(TypeWidth), Tone.Dim),
                one.Subject,
                .. Change(one, look),
                one.Text,
            ],
            look
        );
    }

    private static IEnumerable<Cell> Change(EventDocument one, Look look)
    {
        var (from, to) = (one.From, one.To ?? (one.From is null ? null : "gone"));
        if (to is null)
        {
            return [];
        }

        var tone = one.Bad ? Tone.Bad : Tones.Of(to).Tone;
        return [new(from is null ? to : $"{from} {look.Arrow} {to}", tone)];
    }

    // What does not fit goes from the end: the text is the longest.
    private static string Fitted(IReadOnlyList<Cell> cells, Look look)
    {
        const string between = "  ";
        var line = new StringBuilder();
        var room = look.Width ?? int.MaxValue;
        foreach (var cell in cells.Where(cell => cell.Text.Length > 0))
        {
            var gap = line.Length > 0 ? between.Length : 0;
            if (room <= gap)
            {
                break;
            }

            var text = Table.Fit(Table.Clean(cell.Text), room - gap, false, look);
            line.Append(gap > 0 ? between : "").Append(Ink.Paint(text, cell.Tone, look));
            room -= gap + CellWidth.Of(text);
        }

        return line.ToString();
    }
}
