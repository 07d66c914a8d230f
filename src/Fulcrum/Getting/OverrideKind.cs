using Fulcrum.Api.Overrides;
using Fulcrum.Output;

namespace Fulcrum.Getting;

internal static class OverrideKind
{
    public static ObjectKind Kind { get; } =
        new DocumentKind<OverrideDocument>(
            "override",
            "overrides",
            NodeJson.Lenient.OverrideDocument,
            decision => [decision.Target],
            new(new("TARGET") { Least = 20, KeepsEnd = true }, (decision, _) => decision.Target),
            new(new("ACTION"), (decision, _) => new(Action(decision), Tone.Warning)),
            new(new("BY") { Least = 6, Drop = 3 }, (decision, _) => decision.Owner),
            new(new("FOR") { Right = true, Drop = 2 }, (decision, look) => Spans.Age(look.Now - decision.Since))
            {
                Moves = true,
            },
            new(new("ENDS IN") { Right = true }, (decision, look) => Spans.Until(decision.Expires, look.Now))
            {
                Moves = true,
            },
            new(
                new("REASON")
                {
                    Least = 24,
                    Drop = 1,
                    Optional = true,
                },
                (decision, _) => decision.Reason
            )
        );

    /// <summary><c>drain</c>, <c>weight 5</c>.</summary>
    public static string Action(OverrideDocument decision) =>
        decision.Weight is { } weight ? $"{decision.Action} {weight}" : decision.Action;
}
