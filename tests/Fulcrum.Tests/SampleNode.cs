using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fulcrum.Api;
using Fulcrum.Api.Lists;
using Fulcrum.Api.Sessions;
using Fulcrum.Api.Status;
using Fulcrum.Engine.Explaining;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Tests;

/// <summary>A node that has <see cref="Samples"/>, in pages and one by one as the API gives them.</summary>
internal static class SampleNode
{
    public static Task<FakeNode> Start()
    {
        var samples = 0;
        return FakeNode.Start(request => Answer(request, ref samples));
    }

    private static IResult Answer(HttpRequest request, ref int samples)
    {
        var parts = request.Path.Value!.Split('/', 5)[3..];
        var name = parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : null;
        return parts[0] switch
        {
            "status" => FakeNode.Json(JsonSerializer.Serialize(Samples.Status, ApiJson.Default.StatusDocument)),
            // It goes on while it is looked at.
            "services" => List(
                request,
                name,
                samples++ == 0
                    ? Samples.Services
                    : [.. Samples.Services.Select(one => one with { Counters = Later(one.Counters) })],
                one => one.Name,
                ApiJson.Default.ListDocumentServiceDocument,
                ApiJson.Default.ServiceDocument
            ),
            "upstreams" => List(
                request,
                name,
                Samples.Upstreams,
                one => one.Name,
                ApiJson.Default.ListDocumentUpstreamDocument,
                ApiJson.Default.UpstreamDocument
            ),
            "backends" => List(
                request,
                name,
                samples++ == 0
                    ? Samples.Backends
                    : [.. Samples.Backends.Select(one => one with { Counters = Later(one.Counters) })],
                one => one.Name,
                ApiJson.Default.ListDocumentBackendDocument,
                ApiJson.Default.BackendDocument
            ),
            "vips" => List(
                request,
                name,
                Samples.Vips,
                one => one.Name,
                ApiJson.Default.ListDocumentVipDocument,
                ApiJson.Default.VipDocument
            ),
            "certificates" => List(
                request,
                name,
                Samples.Certificates,
                one => one.Name,
                ApiJson.Default.ListDocumentCertificateDocument,
                ApiJson.Default.CertificateDocument
            ),
            "announcements" => List(
                request,
                name,
                Samples.Announcements,
                one => one.Name,
                ApiJson.Default.ListDocumentAnnouncementDocument,
                ApiJson.Default.AnnouncementDocument
            ),
            "peers" => List(
                request,
                name,
                Samples.Peers,
                one => one.Name,
                ApiJson.Default.ListDocumentPeerDocument,
                ApiJson.Default.PeerDocument
            ),
            "overrides" => List(
                request,
                null,
                Samples.Overrides,
                one => one.Target,
                ApiJson.Default.ListDocumentOverrideDocument,
                null
            ),
            "sources" => List(
                request,
                null,
                Samples.Sources,
                one => one.Name,
                ApiJson.Default.ListDocumentSourceDocument,
                null
            ),
            "planes" => List(
                request,
                null,
                Samples.Planes,
                one => one.Name,
                ApiJson.Default.ListDocumentPlaneDocument,
                null
            ),
            "checks" => Checks(request),
            "sessions" => Sessions(request, name),
            "explain" => Results.Text(Explained.ToText(), "text/plain"),
            _ => FakeNode.Refusal(404, $"there is nothing at {request.Path}"),
        };
    }

    private static Explanation Explained { get; } =
        new()
        {
            Subject = Subject("service/shop"),
            State = "healthy",
            Reasons = ["its upstream web is healthy", "carried by plane proxy"],
            Causes =
            [
                new()
                {
                    Subject = Subject("upstream/web"),
                    State = "healthy",
                    Reasons = ["3 of 4 healthy"],
                    Causes =
                    [
                        new()
                        {
                            Subject = Subject("backend/web/10.0.13.9:8080"),
                            State = "unhealthy",
                            Since = Samples.Now.AddSeconds(-754),
                            Reasons = ["http: status 503, expected 200..299"],
                        },
                    ],
                },
            ],
        };

    private static Engine.Reasons.Subject Subject(string text)
    {
        Assert.True(Engine.Reasons.Subject.TryParse(text, out var subject));
        return subject;
    }

    private static IResult Checks(HttpRequest request)
    {
        var wanted = (string?)request.Query["check"];
        var verdict = (string?)request.Query["verdict"];
        var found = Samples
            .Checks.Where(check =>
                wanted is null
                || check.Checks.Any(one => one == wanted || one.StartsWith(wanted + "/", StringComparison.Ordinal))
            )
            .ToList();
        return found.Count == 0 && wanted is not null
            ? FakeNode.Refusal(404, $"there is no check '{wanted}'")
            : List(
                request,
                null,
                found.FindAll(check => verdict is null || check.Verdict == verdict),
                one => one.Checks[0],
                ApiJson.Default.ListDocumentCheckDocument,
                null
            );
    }

    private static IResult Sessions(HttpRequest request, string? id)
    {
        if (id is not null)
        {
            return Samples.Sessions.FirstOrDefault(one => one.Id == id) is { } found
                ? FakeNode.Json(JsonSerializer.Serialize(found, ApiJson.Default.SessionDocument))
                : FakeNode.Refusal(404, $"there is no session '{id}'; it has ended, or never was");
        }

        var service = (string?)request.Query["service"];
        var list = new SessionsDocument
        {
            Items = [.. Samples.Sessions.Where(one => service is null || one.Service == service)],
            More = 0,
            Cut = false,
        };
        return FakeNode.Json(JsonSerializer.Serialize(list, ApiJson.Default.SessionsDocument));
    }

    private static IResult List<T>(
        HttpRequest request,
        string? name,
        IReadOnlyList<T> all,
        Func<T, string> nameOf,
        JsonTypeInfo<ListDocument<T>> list,
        JsonTypeInfo<T>? one
    )
        where T : class
    {
        if (name is not null && one is not null)
        {
            return all.FirstOrDefault(item => nameOf(item) == name) is { } found
                ? FakeNode.Json(JsonSerializer.Serialize(found, one))
                : FakeNode.Refusal(404, $"there is no such thing as '{name}'");
        }

        var after = (string?)request.Query["after"] ?? "";
        var limit = int.Parse((string?)request.Query["limit"] ?? "1000", CultureInfo.InvariantCulture);
        var rest = all.Where(item => string.CompareOrdinal(nameOf(item), after) > 0)
            .OrderBy(nameOf, StringComparer.Ordinal)
            .ToList();
        var more = Math.Max(0, rest.Count - limit);
        var page = new ListDocument<T>
        {
            Items = [.. rest.Take(limit)],
            Next = more > 0 ? nameOf(rest[limit - 1]) : null,
            More = more,
        };
        return FakeNode.Json(JsonSerializer.Serialize(page, list));
    }

    private static CountersStatus Later(CountersStatus counters) =>
        counters with
        {
            Total = counters.Total + counters.Total / 10_000,
            BytesIn = counters.BytesIn + counters.BytesIn / 1_000,
            BytesOut = counters.BytesOut + counters.BytesOut / 1_000,
        };
}
