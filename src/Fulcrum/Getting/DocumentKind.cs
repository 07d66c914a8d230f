using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Fulcrum.Output;

namespace Fulcrum.Getting;

/// <summary>A kind whose objects are documents of the API.</summary>
internal sealed class DocumentKind<T>(
    string one,
    string many,
    JsonTypeInfo<T> type,
    Func<T, IReadOnlyList<string>> names,
    params IReadOnlyList<Field<T>> fields
) : ObjectKind(one, many)
{
    /// <summary>A page that is more than its fields.</summary>
    public Func<T, Look, string>? Details { get; init; }

    public override IReadOnlyList<Column> Columns { get; } = [.. fields.Select(field => field.Column)];

    public override IReadOnlyList<string> NamesOf(JsonNode item) => names(Read(item));

    public override IReadOnlyList<Cell> Row(JsonNode item, Look look)
    {
        var document = Read(item);
        return [.. fields.Select(field => field.Show(document, look))];
    }

    public override string Mark(JsonNode item, Look look)
    {
        var document = Read(item);
        return string.Join('\0', fields.Where(field => !field.Moves).Select(field => field.Show(document, look).Text));
    }

    public override string Page(JsonNode item, Look look)
    {
        var document = Read(item);
        if (Details is not null)
        {
            return Details(document, look);
        }

        var text = new StringBuilder();
        text.Append(Ink.Paint($"{One}/{Table.Clean(names(document)[0])}", Tone.Strong, look)).Append('\n');
        var lines = fields
            .Skip(1)
            .Select(field => (Title: field.Column.Title.ToLowerInvariant(), Cell: field.Show(document, look)))
            .Where(line => line.Cell.Text.Length > 0)
            .ToList();
        var margin = lines.Count == 0 ? 0 : lines.Max(line => line.Title.Length) + 4;
        foreach (var (title, cell) in lines)
        {
            var wrapped = Prose.Wrap(Table.Clean(cell.Text), look.Width - margin);
            text.Append(Ink.Paint($"  {title}".PadRight(margin), Tone.Dim, look));
            text.AppendJoin("\n" + new string(' ', margin), wrapped.Select(part => Ink.Paint(part, cell.Tone, look)));
            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }

    private T Read(JsonNode item) => NodeJson.Read(item, type);
}
