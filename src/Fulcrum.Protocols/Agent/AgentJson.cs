using System.Text.Json;

namespace Fulcrum.Protocols.Agent;

/// <summary>The JSON form. Members that are not ours are passed over.</summary>
internal static class AgentJson
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 8 };

    /// <summary>Neither a reply nor an error: the object is not yet whole.</summary>
    public static (AgentReply? Reply, string? Error) Read(ReadOnlySpan<byte> text, bool isAll)
    {
        try
        {
            var reader = new Utf8JsonReader(text, isAll, new JsonReaderState(Options));
            if (!reader.Read() || !reader.TrySkip())
            {
                return default;
            }

            reader = new Utf8JsonReader(text[..(int)reader.BytesConsumed], Options);
            _ = reader.Read();
            return ReadObject(ref reader);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Malformed, or a string that is no UTF-8.
            return (null, "it is no JSON");
        }
    }

    private static (AgentReply? Reply, string? Error) ReadObject(ref Utf8JsonReader reader)
    {
        var reply = new AgentReply(null, null, null, null);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            _ = reader.Read();
            var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            switch (name)
            {
                case "state" when text is not null && AgentWords.StateOf(text) is { } state:
                    reply = reply with { State = state };
                    break;
                case "weight" when WeightOf(reader, text) is { } weight:
                    reply = reply with { Weight = weight };
                    break;
                case "reason" when text is not null:
                    reply = reply with { Reason = AgentWords.ReasonOf(text) };
                    break;
                case "state" or "weight" or "reason":
                    return (null, $"its {name} is none");
                default:
                    reader.Skip();
                    break;
            }
        }

        return reply is { State: null, Weight: null } ? (null, "it says nothing") : (reply, null);
    }

    private static double? WeightOf(Utf8JsonReader reader, string? text) =>
        text is not null ? AgentWords.WeightOf(text)
        : reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var weight) ? AgentWords.Bounded(weight)
        : null;
}
