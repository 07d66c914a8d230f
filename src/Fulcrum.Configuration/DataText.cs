using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fulcrum.Configuration.Nodes;

namespace Fulcrum.Configuration;

/// <summary>Any data as YAML, in the form in which configurations are written.</summary>
public static class DataText
{
    public static string ToYaml(JsonNode? data) => YamlWriter.Write(ToNode(data), hasVariables: false);

    private static ConfigNode ToNode(JsonNode? data) =>
        data switch
        {
            JsonObject members => new MappingNode([
                .. members.Select(member => new MappingEntry(member.Key, default, ToNode(member.Value))),
            ]),
            JsonArray items => new SequenceNode([.. items.Select(ToNode)]),
            JsonValue value when value.GetValueKind() == JsonValueKind.String => new ScalarNode(
                value.GetValue<string>(),
                ScalarStyle.Quoted
            ),
            JsonValue value when value.GetValueKind() == JsonValueKind.Number => new ScalarNode(
                Plain(value.ToJsonString()),
                ScalarStyle.Plain
            ),
            JsonValue value => new ScalarNode(value.ToJsonString(), ScalarStyle.Plain),
            null => new ScalarNode("null", ScalarStyle.Plain),
            _ => throw new InvalidOperationException($"There is no JSON such as {data.GetType().Name}."),
        };

    // Not everybody who reads YAML takes 1E-05 for a number.
    private static string Plain(string number) =>
        number.Contains('E', StringComparison.OrdinalIgnoreCase)
        && decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value.ToString(CultureInfo.InvariantCulture)
            : number;
}
