using Fulcrum.Api.Objects;
using Fulcrum.Output;

namespace Fulcrum.Getting;

internal static class ServiceKind
{
    public static ObjectKind Kind { get; } =
        new DocumentKind<ServiceDocument>(
            "service",
            "services",
            NodeJson.Lenient.ServiceDocument,
            service => [service.Name],
            new(new("NAME") { Least = 12, KeepsEnd = true }, (service, _) => service.Name),
            new(new("HEALTH"), (service, _) => Tones.Of(service.Leaving ? "leaving" : service.Health)),
            new(
                new("SERVING") { Right = true },
                (service, _) => Tones.Share(service.Backends.Serving, service.Backends.Total)
            ),
            new(SharedColumns.Active, (service, _) => Amounts.Count(service.Counters.Active)) { Moves = true },
            new(new("TOTAL") { Right = true, Drop = 6 }, (service, _) => Amounts.Count(service.Counters.Total))
            {
                Moves = true,
            },
            new(
                new("IN")
                {
                    Right = true,
                    Wide = true,
                    Drop = 7,
                },
                (service, _) => Amounts.Bytes(service.Counters.BytesIn)
            )
            {
                Moves = true,
            },
            new(
                new("OUT")
                {
                    Right = true,
                    Wide = true,
                    Drop = 7,
                },
                (service, _) => Amounts.Bytes(service.Counters.BytesOut)
            )
            {
                Moves = true,
            },
            new(
                new("HANDSHAKES")
                {
                    Right = true,
                    Wide = true,
                    Drop = 9,
                    Optional = true,
                },
                (service, _) => Handshakes.Count(service.Tls)
            )
            {
                Moves = true,
            },
            new(
                new("TLS FAILED")
                {
                    Wide = true,
                    Drop = 9,
                    Least = 12,
                    Optional = true,
                },
                (service, _) => new(Handshakes.Failures(service.Tls), Tone.Warning)
            )
            {
                Moves = true,
            },
            new(new("LISTEN") { Least = 22, Drop = 3 }, (service, _) => string.Join(", ", service.Listen)),
            new(new("FORWARD") { Wide = true, Drop = 8 }, (service, _) => service.Forward),
            new(
                new("PLANE")
                {
                    Wide = true,
                    Drop = 8,
                    Optional = true,
                },
                (service, _) => service.Plane
            ),
            new(
                new("UPSTREAMS")
                {
                    Wide = true,
                    Drop = 9,
                    Least = 9,
                },
                (service, _) => string.Join(", ", service.Upstreams)
            ),
            new(SharedColumns.Labels, (service, _) => Lists.Labels(service.Labels)),
            new(SharedColumns.Source, (service, _) => Tones.Dim(service.Source)),
            new(new("REASON") { Least = 24, Drop = 4 }, (service, _) => service.Reason)
        )
        {
            HasLabels = true,
            HasPages = true,
        };
}
