using System.Globalization;
using Fulcrum.Api.Objects;
using Fulcrum.Output;

namespace Fulcrum.Getting;

internal static class PlaneKind
{
    public static ObjectKind Kind { get; } =
        new DocumentKind<PlaneDocument>(
            "plane",
            "planes",
            NodeJson.Lenient.PlaneDocument,
            plane => [plane.Name],
            new(new("NAME"), (plane, _) => plane.Name),
            new(new("STATE"), (plane, _) => Tones.Of(plane.State)),
            new(new("FORWARDINGS") { Drop = 3 }, (plane, _) => string.Join(", ", plane.Forwardings)),
            new(new("SERVICES") { Right = true }, (plane, _) => Number(plane.Services)) { Moves = true },
            new(new("WRITES") { Right = true, Drop = 2 }, (plane, _) => Number(plane.Writes)) { Moves = true },
            new(new("GENERATION") { Wide = true, Right = true }, (plane, _) => Number(plane.Generation)),
            new(new("REFUSALS") { Wide = true, Right = true }, (plane, _) => Number(plane.Refusals)),
            new(new("PACKETS") { Wide = true, Optional = true }, (plane, _) => Packets(plane)) { Moves = true },
            new(
                new("REASON")
                {
                    Least = 24,
                    Drop = 1,
                    Optional = true,
                },
                (plane, _) => plane.Reason ?? ""
            )
        );

    private static string Packets(PlaneDocument plane) =>
        string.Join(", ", plane.Packets?.Select(one => $"{one.Outcome} {one.Reason} {Number(one.Count)}") ?? []);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
