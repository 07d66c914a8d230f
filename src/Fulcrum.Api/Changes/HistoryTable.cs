using System.Globalization;
using Fulcrum.Engine.History;

namespace Fulcrum.Api.Changes;

/// <summary>The history as people read it: a line for each, the newest first.</summary>
internal static class HistoryTable
{
    public static string Of(IReadOnlyList<HistoryEntry> entries)
    {
        string[][] rows =
        [
            ["NUMBER", "IN FORCE SINCE", "BY", "WHAT", "SOURCE"],
            .. entries.Select(Row),
        ];
        var widths = Enumerable.Range(0, rows[0].Length).Select(i => rows.Max(row => row[i].Length)).ToArray();
        return string.Join('\n', rows.Select(row => string.Join("  ", row.Select(Padded)).TrimEnd()));

        string Padded(string cell, int i) => i == 0 ? cell.PadLeft(widths[i]) : cell.PadRight(widths[i]);
    }

    private static string[] Row(HistoryEntry entry) =>
        [
            entry.Number.ToString(CultureInfo.InvariantCulture),
            entry.At.ToString("u", CultureInfo.InvariantCulture),
            entry.By,
            $"{Count(entry.Services, "service")}, {Count(entry.Backends, "backend")}",
            entry.Source,
        ];

    private static string Count(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
