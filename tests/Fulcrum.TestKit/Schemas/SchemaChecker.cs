using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Fulcrum.TestKit.Schemas;

/// <summary>
/// JSON schema, draft 2020-12, as far as this project's own schemas use it. A keyword that is not known here is an
/// error of the test, so that nothing is thought to be checked that is not.
/// </summary>
public sealed class SchemaChecker(JsonObject root)
{
    private static readonly HashSet<string> Annotations = new(StringComparer.Ordinal)
    {
        "$schema",
        "$defs",
        "title",
        "description",
        "default",
        "examples",
    };

    private readonly Dictionary<string, Regex> _patterns = new(StringComparer.Ordinal);

    /// <summary>Null when the instance is valid against this schema of the root's, else where and why it is not.</summary>
    public string? Check(JsonObject schema, JsonNode? instance) => Check(schema, instance, "$");

    /// <summary>Null when the instance is valid, else where and why it is not.</summary>
    public string? Check(JsonNode? instance) => Check(root, instance, "$");

    private string? Check(JsonObject schema, JsonNode? value, string path)
    {
        foreach (var (keyword, argument) in schema)
        {
            var failure = keyword switch
            {
                "$ref" => Check(Resolve((string)argument!), value, path),
                "type" => Types(argument!).Any(type => Is(type, value))
                    ? null
                    : $"{path}: not {argument!.ToJsonString()}",
                "enum" => argument!.AsArray().Any(item => JsonNode.DeepEquals(item, value))
                    ? null
                    : $"{path}: not in the enumeration",
                "pattern" => value is JsonValue text
                && text.TryGetValue<string>(out var word)
                && !Pattern((string)argument!).IsMatch(word)
                    ? $"{path}: '{word}' does not match"
                    : null,
                "minimum" => Number(value) < (double)argument! ? $"{path}: too small" : null,
                "maximum" => Number(value) > (double)argument! ? $"{path}: too large" : null,
                "required" => value is JsonObject item
                && argument!.AsArray().FirstOrDefault(key => !item.ContainsKey((string)key!)) is { } missing
                    ? $"{path}: no {missing}"
                    : null,
                "properties" => Properties(argument!.AsObject(), value, path),
                "additionalProperties" => Additional(schema, argument!, value, path),
                "propertyNames" => value is JsonObject item
                    ? item.Select(pair => Check(argument!.AsObject(), JsonValue.Create(pair.Key), $"{path}.{pair.Key}"))
                        .FirstOrDefault(result => result is not null)
                    : null,
                "items" => value is JsonArray list
                    ? list.Select((element, i) => Check(argument!.AsObject(), element, $"{path}[{i}]"))
                        .FirstOrDefault(result => result is not null)
                    : null,
                "format" => (string)argument! == "date-time"
                && value is JsonValue text
                && text.TryGetValue<string>(out var word)
                && !DateTimeOffset.TryParse(word, CultureInfo.InvariantCulture, out _)
                    ? $"{path}: '{word}' is no time"
                    : null,
                "minItems" => value is JsonArray list && list.Count < (int)argument! ? $"{path}: too few" : null,
                "anyOf" => Alternatives(argument!, value, path).Contains(null)
                    ? null
                    : $"{path}: none of ({string.Join("; ", Alternatives(argument!, value, path))})",
                "oneOf" => Alternatives(argument!, value, path).Count(result => result is null) == 1
                    ? null
                    : $"{path}: not exactly one",
                _ => Annotations.Contains(keyword) ? null : throw new NotSupportedException($"keyword '{keyword}'"),
            };
            if (failure is not null)
            {
                return failure;
            }
        }

        return null;
    }

    // A JSON pointer (RFC 6901) within the root.
    private JsonObject Resolve(string reference) =>
        reference
            .Split('/')
            .Skip(1)
            .Aggregate((JsonNode)root, (node, part) => node[part] ?? throw new NotSupportedException(reference))
            .AsObject();

    private IEnumerable<string?> Alternatives(JsonNode schemas, JsonNode? value, string path) =>
        schemas.AsArray().Select(schema => Check(schema!.AsObject(), value, path));

    private string? Properties(JsonObject properties, JsonNode? value, string path) =>
        value is not JsonObject item
            ? null
            : item.Where(pair => properties.ContainsKey(pair.Key))
                .Select(pair => Check(properties[pair.Key]!.AsObject(), pair.Value, $"{path}.{pair.Key}"))
                .FirstOrDefault(result => result is not null);

    private string? Additional(JsonObject schema, JsonNode argument, JsonNode? value, string path)
    {
        if (value is not JsonObject item)
        {
            return null;
        }

        foreach (var (key, inner) in item)
        {
            if (schema["properties"]?.AsObject().ContainsKey(key) == true)
            {
                continue;
            }

            var failure = argument is JsonObject rest
                ? Check(rest, inner, $"{path}.{key}")
                : $"{path}: unknown key '{key}'";
            if (failure is not null)
            {
                return failure;
            }
        }

        return null;
    }

    private Regex Pattern(string pattern)
    {
        if (!_patterns.TryGetValue(pattern, out var regex))
        {
            _patterns[pattern] = regex = new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(10));
        }

        return regex;
    }

    private static IEnumerable<string> Types(JsonNode types) =>
        types is JsonArray list ? list.Select(type => (string)type!) : [(string)types!];

    private static bool Is(string type, JsonNode? value) =>
        type switch
        {
            "null" => value is null,
            "object" => value is JsonObject,
            "array" => value is JsonArray,
            "string" => value is JsonValue text && text.TryGetValue<string>(out _),
            "boolean" => value is JsonValue truth && truth.TryGetValue<bool>(out _),
            "integer" => Number(value) is { } number && Math.Floor(number) == number,
            "number" => Number(value) is not null,
            _ => throw new NotSupportedException($"type '{type}'"),
        };

    private static double? Number(JsonNode? value) =>
        value is not JsonValue number ? null
        : number.TryGetValue<long>(out var integer) ? integer
        : number.TryGetValue<double>(out var real) ? real
        : null;
}
