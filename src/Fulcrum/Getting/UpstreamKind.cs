using Fulcrum.Api.Objects;
using Fulcrum.Output;

namespace Fulcrum.Getting;

internal static class UpstreamKind
{
    public static ObjectKind Kind { get; } =
        new DocumentKind<UpstreamDocument>(
            "upstream",
            "upstreams",
            NodeJson.Lenient.UpstreamDocument,
            upstream => [upstream.Name],
            new(new("NAME") { Least = 12, KeepsEnd = true }, (upstream, _) => upstream.Name),
            new(new("HEALTH"), (upstream, _) => Tones.Of(upstream.Health)),
            new(new("SERVING") { Right = true }, (upstream, _) => Share(upstream, upstream.Backends.Serving)),
            new(new("HEALTHY") { Right = true, Drop = 6 }, (upstream, _) => Share(upstream, upstream.Backends.Healthy)),
            new(SharedColumns.Active, (upstream, _) => Amounts.Count(upstream.Counters.Active)) { Moves = true },
            new(SharedColumns.Total, (upstream, _) => Amounts.Count(upstream.Counters.Total)) { Moves = true },
            new(SharedColumns.In, (upstream, _) => Amounts.Bytes(upstream.Counters.BytesIn)) { Moves = true },
            new(SharedColumns.Out, (upstream, _) => Amounts.Bytes(upstream.Counters.BytesOut)) { Moves = true },
            new(new("SERVICES") { Least = 10, Drop = 3 }, (upstream, _) => string.Join(", ", upstream.Services)),
            new(SharedColumns.Labels, (upstream, _) => Lists.Labels(upstream.Labels)),
            new(SharedColumns.Source, (upstream, _) => Tones.Dim(upstream.Source)),
            new(new("REASON") { Least = 24, Drop = 4 }, (upstream, _) => upstream.Reason)
        )
        {
            HasLabels = true,
            HasPages = true,
        };

    // Nobody misses what no service leads to.
    private static Cell Share(UpstreamDocument upstream, int some) =>
        upstream.Health == "unused"
            ? Tones.Dim($"{some}/{upstream.Backends.Total}")
            : Tones.Share(some, upstream.Backends.Total);
}
