using System.Text.Json.Nodes;
using Fulcrum.Api.Access;
using Fulcrum.Engine.Planning;
using Fulcrum.Model.Access;
using Fulcrum.Model.Values;

namespace Fulcrum.Api.Configuring;

/// <summary>
/// Secrets stand beside the configuration, which names the places where they are kept. But what a check says to a
/// backend is written out, and people put passwords there all the same: only who may change it sees it.
/// </summary>
internal static class Redaction
{
    private const string Hidden = "(hidden)";
    private const string Checks = "checks";

    private static readonly HashSet<string> Spoken = new(StringComparer.Ordinal)
    {
        "headers",
        "environment",
        "send",
        "body",
        "command",
        "exec",
    };

    // Of hooks: arguments, and addresses that are all that a chat asks for.
    private static readonly HashSet<string> Told = new(StringComparer.Ordinal) { "run", "post" };

    /// <summary>A plan, likewise: what a field held and will hold is not told where such things may stand.</summary>
    public static PlanReport For(Caller caller, PlanReport report) =>
        caller.Role >= AccessRole.Admin
            ? report
            : report with
            {
                Changes = Items.From(report.Changes.Select(change => change with { Fields = Hide(change) })),
            };

    private static Items<FieldChange> Hide(PlannedChange change) =>
        Items.From(
            change.Fields.Select(field =>
                change.Object == "hooks"
                || field.Path.Length == 0
                || field.Path.Contains(Checks, StringComparison.Ordinal)
                    ? field with
                    {
                        Before = field.Before is null ? null : Hidden,
                        After = field.After is null ? null : Hidden,
                    }
                    : field
            )
        );

    public static JsonNode For(Caller caller, JsonNode part)
    {
        if (caller.Role >= AccessRole.Admin)
        {
            return part;
        }

        var shown = part.DeepClone();
        Hide(shown, isInCheck: false);
        return shown;
    }

    private static void Hide(JsonNode? node, bool isInCheck)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (key, value) in members.ToList())
                {
                    if ((isInCheck && Spoken.Contains(key)) || Told.Contains(key))
                    {
                        members[key] = HiddenOf(value);
                    }
                    else
                    {
                        Hide(value, isInCheck || key == Checks);
                    }
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Hide(item, isInCheck);
                }

                break;
        }
    }

    // Which headers there are may be seen.
    private static JsonNode HiddenOf(JsonNode? value) =>
        value is JsonObject named
            ? new JsonObject(named.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)HiddenOf(pair.Value))))
            : JsonValue.Create(Hidden);
}
