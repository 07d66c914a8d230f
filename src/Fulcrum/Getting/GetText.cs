using Fulcrum.Output;

namespace Fulcrum.Getting;

/// <summary>What was found, in the form that was asked for.</summary>
internal static class GetText
{
    public static string Of(ObjectList list, ObjectKind kind, string format, Look look)
    {
        return format switch
        {
            "json" or "yaml" => Documents.Of(list.Document, format).TrimEnd('\n'),
            "name" => string.Join('\n', list.Items.Select(item => $"{kind.One}/{Table.Clean(kind.NamesOf(item)[0])}")),
            // Listeners that see an upstream differently may ask differently, too: one check, several probes.
            "table" when list.IsOne => string.Join("\n\n", list.Items.Select(item => kind.Page(item, look))),
            _ when list.Items.Count == 0 => $"No {kind}.",
            _ => string.Join('\n', kind.TableOf(list.Items, look).Lines(look)),
        };
    }
}
