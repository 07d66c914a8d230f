using System.Globalization;
using System.Text.Json.Nodes;
using Fulcrum.Getting;
using Fulcrum.Hosting;
using Fulcrum.Output;

namespace Fulcrum.Watching;

/// <summary><c>fulcrum get … --watch</c>: the list as it is, redrawn in its place; where nobody sees it, what changes.</summary>
internal sealed class GetWatch(ApiClient client, ObjectQuery query, string format, Surroundings around)
{
    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonNode> _last = new(StringComparer.Ordinal);
    private bool _isAway;

    /// <exception cref="ApiException">The node has refused the first question.</exception>
    public async Task RunAsync(TimeSpan every, CancellationToken cancellation)
    {
        using var interrupt = new Interrupt(cancellation);
        var loop = new LiveLoop(around.Time, every);
        if (!around.IsTerminal || format is not ("table" or "wide"))
        {
            await loop.RunAsync(Read, TellChangesAsync, interrupt.Token);
            return;
        }

        interrupt.OnResize(loop.Redraw);
        await using var screen = await LiveScreen.OpenAsync(around.Output, isFull: false);
        await loop.RunAsync(
            Read,
            async reading =>
            {
                await screen.DrawAsync(
                    Frame(reading, around.Look() with { Wide = format == "wide" }, around.Rows, every),
                    around.Rows
                );
                return true;
            },
            interrupt.Token
        );
    }

    /// <summary>The list under a line that says what is watched; where there is trouble, over it, too.</summary>
    public IReadOnlyList<string> Frame(Reading<ObjectList> reading, Look look, int rows, TimeSpan every)
    {
        var time = look.Now.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var title =
            $"{query.Kind} {look.Dot} every {Spans.Short(every.TotalMilliseconds)} {look.Dot} {time} {look.Dot} Ctrl-C ends";
        var lines = new List<string>
        {
            Ink.Paint(Table.Fit(title, look.Width ?? int.MaxValue, false, look), Tone.Dim, look),
        };
        if (reading.Trouble is { } trouble)
        {
            lines.Add(
                Ink.Paint(
                    Table.Fit(Away(trouble, reading, look.Now), look.Width ?? int.MaxValue, false, look),
                    Tone.Bad,
                    look
                )
            );
        }

        if (reading.Value is { } list)
        {
            var table =
                list.Items.Count == 0 ? [$"No {query.Kind}."] : query.Kind.TableOf(list.Items, look).Lines(look);
            // The last line of a screen is not written on; one is for what is left out.
            var room = Math.Max(1, rows - 1 - lines.Count);
            var left = table.Count - room;
            lines.AddRange(left > 0 ? table.Take(room - 1) : table);
            if (left > 0)
            {
                lines.Add(Ink.Paint($"{look.Ellipsis} and {left + 1} more", Tone.Dim, look));
            }
        }

        return lines;
    }

    private Task<ObjectList> Read(CancellationToken cancellation) => query.ReadAsync(client, cancellation);

    private static string Away(string trouble, Reading<ObjectList> reading, DateTimeOffset now)
    {
        var age = reading.Value is null ? "" : $"what follows is {Spans.Age(now - reading.At)} old; ";
        return $"No answer: {trouble}; {age}asking again in {Spans.Age(reading.AskedAgain - now + TimeSpan.FromSeconds(0.5))}";
    }

    private async Task<bool> TellChangesAsync(Reading<ObjectList> reading)
    {
        if (reading.Trouble is { } trouble)
        {
            if (!_isAway)
            {
                _isAway = true;
                await around.Error.WriteLineAsync($"No answer: {trouble}. Asking again until there is one.");
            }

            return true;
        }

        if (_isAway)
        {
            _isAway = false;
            await around.Error.WriteLineAsync("The node answers again.");
        }

        await TellAsync(reading.Value!.Items, around.Look(format == "wide"));
        await around.Output.FlushAsync(CancellationToken.None);
        return true;
    }

    private async Task TellAsync(IReadOnlyList<JsonNode> items, Look look)
    {
        var isFirst = _seen.Count == 0;
        var changed = new List<JsonNode>();
        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var name = query.Kind.NamesOf(item)[0];
            there.Add(name);
            var mark = query.Kind.Mark(item, look);
            if (!_seen.TryGetValue(name, out var before) || before != mark)
            {
                changed.Add(item);
            }

            (_seen[name], _last[name]) = (mark, item);
        }

        var gone = _seen.Keys.Where(name => !there.Contains(name)).ToList();
        await WriteAsync(changed, isFirst, look);
        foreach (var name in gone)
        {
            await WriteGoneAsync(name, look);
            _seen.Remove(name);
            _last.Remove(name);
        }
    }

    private async Task WriteAsync(List<JsonNode> changed, bool isFirst, Look look)
    {
        foreach (var item in format is "table" or "wide" ? [] : changed)
        {
            await around.Output.WriteAsync(
                format switch
                {
                    "json" => Documents.Line(item) + "\n",
                    "yaml" => "---\n" + Documents.Of(item, "yaml"),
                    _ => $"{query.Kind.One}/{query.Kind.NamesOf(item)[0]}\n",
                }
            );
        }

        if (format is "table" or "wide" && changed.Count > 0)
        {
            // Laid out with all that is there, so that the columns of later lines stand below those before.
            var table = query.Kind.TableOf(_last.Values, look).Lines(look);
            var rows = _last
                .Values.Select((item, index) => (item, index))
                .ToDictionary(one => one.item, one => one.index);
            foreach (
                var line in (isFirst ? [table[0]] : Array.Empty<string>()).Concat(
                    changed.Select(item => table[rows[item] + 1])
                )
            )
            {
                await around.Output.WriteLineAsync(line);
            }
        }
    }

    private Task WriteGoneAsync(string name, Look look) =>
        around.Output.WriteLineAsync(
            format switch
            {
                "json" => Documents.Line(new JsonObject { ["name"] = name, ["gone"] = true }),
                "yaml" => "---\n"
                    + Documents.Of(new JsonObject { ["name"] = name, ["gone"] = true }, "yaml").TrimEnd('\n'),
                "name" => $"{query.Kind.One}/{name}",
                _ => $"{Table.Clean(name)}  {Ink.Paint("gone", Tone.Warning, look)}",
            }
        );
}
