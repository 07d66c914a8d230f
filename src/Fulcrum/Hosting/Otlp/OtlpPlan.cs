using System.Numerics;
using Fulcrum.Api.Metrics;
using Fulcrum.Model;
using Fulcrum.Model.Values;

namespace Fulcrum.Hosting.Otlp;

/// <summary>All that a connection to a collector is made from; another one is made when it differs.</summary>
/// <param name="Bucket">Room for series of the largest instrument, in steps of two, so that it seldom differs.</param>
internal sealed record OtlpPlan(Uri Endpoint, TimeSpan Interval, int Bucket)
{
    // Not a property: a record prints those.
    private Items<(string Name, string Value)> _headers;

    public Items<(string Name, string Value)> Headers() => _headers;

    /// <exception cref="IOException">A secret cannot be read.</exception>
    public static OtlpPlan? Of(OtlpSettings? settings, NodeMetrics metrics) =>
        settings is null
            ? null
            : new(
                settings.Endpoint,
                settings.Interval,
                RoomFor(metrics.SeriesOf("fulcrum.service.session.duration.bucket"))
                    + RoomFor(metrics.SeriesOf("fulcrum.backend.traffic"))
            )
            {
                _headers = Items.From(settings.Headers.Select(header => (header.Name, Read(header.Value)))),
            };

    /// <summary>With what comes before the next plan; the SDK's own limit where there is less.</summary>
    public static int RoomFor(int series) =>
        Math.Max(2_000, (int)BitOperations.RoundUpToPowerOf2((uint)series * 5 / 4));

    public Uri At(string path) => new(Endpoint.AbsoluteUri.TrimEnd('/') + path);

    private static string Read(SecretReference secret) =>
        secret.File is { } file
            ? File.ReadAllText(file).TrimEnd('\r', '\n')
            : Environment.GetEnvironmentVariable(secret.Variable!)
                ?? throw new IOException($"the environment has no {secret.Variable}");
}
