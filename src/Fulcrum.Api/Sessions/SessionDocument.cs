using Fulcrum.Engine.Ports;

namespace Fulcrum.Api.Sessions;

/// <summary>One session of the plane in user space, as it was when it was looked at.</summary>
public sealed record SessionDocument
{
    /// <summary>What it is called while it lasts; nobody is called so after it.</summary>
    public required string Id { get; init; }

    public required string Service { get; init; }

    /// <summary>As it is written: <c>tcp://192.0.2.80:443</c>.</summary>
    public required string Listener { get; init; }

    /// <summary><c>tcp</c>, <c>udp</c>, <c>unix</c>, <c>unix-datagram</c> or <c>unix-seqpacket</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Address and port, or <c>unix</c>.</summary>
    public required string Client { get; init; }

    /// <summary>Left out, as is the backend, where it has none, or one that the caller may not see.</summary>
    public string? Upstream { get; init; }

    /// <summary>Its name within the upstream.</summary>
    public string? Backend { get; init; }

    public required DateTimeOffset Began { get; init; }

    /// <summary>How old it was.</summary>
    public required double AgeSeconds { get; init; }

    /// <summary>From the client.</summary>
    public required long BytesIn { get; init; }

    /// <summary>To the client.</summary>
    public required long BytesOut { get; init; }

    /// <summary>
    /// <c>connecting</c>: its backend has not taken it yet; <c>open</c>; <c>closing</c>: one side has said all it had to
    /// say; <c>draining</c>: its backend is on its way out; <c>waiting</c>: it has no backend before the client's next
    /// datagram.
    /// </summary>
    public required string State { get; init; }

    internal static SessionDocument Of(SessionReport report, bool withBackend) =>
        new()
        {
            Id = report.Id.ToString(),
            Service = report.Service,
            Listener = report.Listener,
            Protocol = report.Protocol,
            Client = report.Client,
            Upstream = withBackend ? report.Upstream : null,
            Backend = withBackend ? report.Backend : null,
            Began = report.Began,
            AgeSeconds = Math.Round(report.Age.TotalSeconds, 3),
            BytesIn = report.BytesIn,
            BytesOut = report.BytesOut,
            State = report.State.ToString().ToLowerInvariant(),
        };
}
