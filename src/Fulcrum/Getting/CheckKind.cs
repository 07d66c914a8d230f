using Fulcrum.Api.Checks;
using Fulcrum.Output;

namespace Fulcrum.Getting;

internal static class CheckKind
{
    public static ObjectKind Kind { get; } =
        new DocumentKind<CheckDocument>(
            "check",
            "checks",
            NodeJson.Lenient.CheckDocument,
            check => check.Checks,
            new(new("CHECK") { Least = 18, KeepsEnd = true }, (check, _) => Name(check)),
            new(
                new("TARGET")
                {
                    Least = 14,
                    KeepsEnd = true,
                    Drop = 3,
                },
                (check, _) => check.Target
            ),
            new(new("VERDICT"), (check, _) => Tones.Of(check.Verdict)),
            new(new("FOR") { Right = true, Drop = 2 }, (check, look) => CheckText.For(check, look.Now))
            {
                Moves = true,
            },
            new(new("LATENCY") { Right = true, Drop = 4 }, (check, _) => CheckText.Latency(check)) { Moves = true },
            new(new("NEXT") { Right = true, Drop = 5 }, (check, _) => CheckText.Next(check)) { Moves = true },
            new(new("LAST") { Least = 24, Drop = 1 }, (check, _) => CheckText.Summary(check))
        )
        {
            NameFilter = "check",
            Filters = ["verdict"],
            Details = CheckText.Page,
        };

    private static string Name(CheckDocument check) =>
        check.Checks.Count == 1 ? check.Checks[0] : $"{check.Checks[0]} (+{check.Checks.Count - 1})";
}
