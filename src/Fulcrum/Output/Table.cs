using System.Text;

namespace Fulcrum.Output;

/// <summary>
/// Rows under titles, fitted to the terminal. Cells keep to one line, and control characters in them are not passed
/// on: what a backend says of itself reaches people, and a terminal must not obey it.
/// </summary>
internal sealed class Table(params IReadOnlyList<Column> columns)
{
    private readonly List<Cell[]> _rows = [];

    public IReadOnlyList<Column> Columns => columns;

    public int Count => _rows.Count;

    public void Add(params IReadOnlyList<Cell> cells) =>
        _rows.Add([.. cells.Select(cell => cell with { Text = Clean(cell.Text) })]);

    /// <summary>The titles, then a line for each row.</summary>
    public IReadOnlyList<string> Lines(Look look)
    {
        var widths = TableLayout.Widths(columns, Natural(look), look.Width);
        var lines = new List<string>(_rows.Count + 1)
        {
            Line([.. columns.Select(column => new Cell(column.Title, Tone.Dim))], widths, look),
        };
        lines.AddRange(_rows.Select(row => Line(row, widths, look)));
        return lines;
    }

    public void AppendTo(StringBuilder text, string indent, Look look)
    {
        foreach (var line in Lines(look with { Width = look.Width - indent.Length }))
        {
            text.Append(indent).Append(line).Append('\n');
        }
    }

    /// <summary>
    /// Without what a terminal would act upon: control characters, and those that turn the direction of writing.
    /// </summary>
    public static string Clean(string cell) =>
        cell.Any(IsObeyed) ? string.Concat(cell.Select(c => IsObeyed(c) ? '?' : c)) : cell;

    /// <summary>The text in so many columns.</summary>
    public static string Fit(string text, int width, bool keepsEnd, Look look)
    {
        if (CellWidth.Of(text) <= width)
        {
            return text;
        }

        var room = Math.Max(0, width - 1);
        return keepsEnd
            ? CellWidth.Head(text, room / 3) + look.Ellipsis + CellWidth.Tail(text, room - room / 3)
            : CellWidth.Head(text, room).TrimEnd() + look.Ellipsis;
    }

    private int[] Natural(Look look)
    {
        var natural = new int[columns.Count];
        for (var i = 0; i < natural.Length; i++)
        {
            if (columns[i].Wide && !look.Wide)
            {
                continue;
            }

            natural[i] = _rows.Count == 0 ? 0 : _rows.Max(row => CellWidth.Of(row[i].Text));
            if (natural[i] > 0 || !columns[i].Optional)
            {
                natural[i] = Math.Max(natural[i], columns[i].Title.Length);
            }
        }

        return natural;
    }

    private string Line(Cell[] cells, int[] widths, Look look)
    {
        var line = new StringBuilder();
        var used = 0;
        var last = Array.FindLastIndex(widths, width => width > 0);
        for (var i = 0; i <= last; i++)
        {
            if (widths[i] == 0)
            {
                continue;
            }

            // The terminal's edge is the bound of the last resort, where nothing may shrink or go any more.
            var room = Math.Min(widths[i], (look.Width ?? int.MaxValue) - used);
            if (room <= 0)
            {
                break;
            }

            var shown = Fit(cells[i].Text, room, columns[i].KeepsEnd, look);
            var padding = new string(' ', Math.Max(0, room - CellWidth.Of(shown)));
            var painted = Ink.Paint(shown, cells[i].Tone, look);
            line.Append(
                columns[i].Right ? padding + painted
                : i == last ? painted
                : painted + padding
            );
            used += room + TableLayout.Gap;
            line.Append(i == last ? "" : new string(' ', TableLayout.Gap));
        }

        return line.ToString().TrimEnd();
    }

    private static bool IsObeyed(char letter) =>
        char.IsControl(letter) || letter is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
