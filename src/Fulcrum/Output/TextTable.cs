using System.Text;

namespace Fulcrum.Output;

/// <summary>Columns as wide as their widest cell. Cells keep to one line; control characters are not passed on.</summary>
internal sealed class TextTable(params string[] header)
{
    private readonly List<string[]> _rows = [header];

    public void Add(params string[] cells) => _rows.Add([.. cells.Select(Clean)]);

    public void AppendTo(StringBuilder text, string indent)
    {
        var widths = new int[header.Length];
        foreach (var row in _rows)
        {
            for (var i = 0; i < row.Length; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Length);
            }
        }

        foreach (var row in _rows)
        {
            text.Append(indent);
            for (var i = 0; i < row.Length - 1; i++)
            {
                text.Append(row[i].PadRight(widths[i] + 2));
            }

            text.Append(row[^1]).Append('\n');
        }
    }

    /// <summary>What a backend says of itself reaches people; a terminal must not obey it.</summary>
    public static string Clean(string cell) =>
        cell.Any(char.IsControl) ? string.Concat(cell.Select(c => char.IsControl(c) ? '?' : c)) : cell;
}
