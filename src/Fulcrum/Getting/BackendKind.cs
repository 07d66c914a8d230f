using Fulcrum.Api.Objects;
using Fulcrum.Output;

namespace Fulcrum.Getting;

internal static class BackendKind
{
    public static ObjectKind Kind { get; } =
        new DocumentKind<BackendDocument>(
            "backend",
            "backends",
            NodeJson.Lenient.BackendDocument,
            backend => [backend.Name],
            new(new("NAME") { Least = 16, KeepsEnd = true }, (backend, _) => backend.Name),
            new(
                new("HEALTH"),
                (backend, _) => backend.Duty == "unused" ? Tones.Dim(backend.Health) : Tones.Of(backend.Health)
            ),
            new(new("DUTY"), (backend, _) => Tones.Of(backend.Duty)),
            new(new("WEIGHT") { Right = true, Drop = 6 }, (backend, _) => Amounts.Count(backend.Weight)),
            new(SharedColumns.Active, (backend, _) => Amounts.Count(backend.Counters.Active)) { Moves = true },
            new(SharedColumns.Total, (backend, _) => Amounts.Count(backend.Counters.Total)) { Moves = true },
            new(
                new("FAILED")
                {
                    Right = true,
                    Drop = 5,
                    Optional = true,
                },
                (backend, _) => Failures(backend)
            )
            {
                Moves = true,
            },
            new(SharedColumns.In, (backend, _) => Amounts.Bytes(backend.Counters.BytesIn)) { Moves = true },
            new(SharedColumns.Out, (backend, _) => Amounts.Bytes(backend.Counters.BytesOut)) { Moves = true },
            new(new("ADDRESS") { Wide = true, Drop = 9 }, (backend, _) => backend.Address),
            new(
                new("NODE")
                {
                    Wide = true,
                    Drop = 9,
                    Optional = true,
                },
                (backend, _) => backend.Node
            ),
            new(
                new("SERVICES")
                {
                    Wide = true,
                    Drop = 10,
                    Least = 9,
                },
                (backend, _) => string.Join(", ", backend.Services)
            ),
            new(SharedColumns.Labels, (backend, _) => Lists.Labels(backend.Labels)),
            new(
                new("OVERRIDE")
                {
                    Drop = 3,
                    Least = 12,
                    Optional = true,
                },
                (backend, _) => Decided(backend)
            ),
            new(new("REASON") { Least = 32, Drop = 1 }, (backend, _) => backend.Reason)
        )
        {
            HasLabels = true,
            HasPages = true,
            NameParts = 2,
            Filters = ["service", "upstream"],
        };

    private static Cell Failures(BackendDocument backend) =>
        backend.Counters.ConnectFailures == 0
            ? ""
            : new Cell(Amounts.Count(backend.Counters.ConnectFailures), Tone.Warning);

    private static Cell Decided(BackendDocument backend) =>
        backend.Override is { } decision
            ? new Cell($"{OverrideKind.Action(decision)} by {decision.Owner}", Tone.Warning)
            : "";
}
