using Fulcrum.Model.Values;

namespace Fulcrum.Model;

/// <summary>A collector that metrics and traces are pushed to, by OTLP over HTTP.</summary>
public sealed record OtlpSettings
{
    /// <summary><c>/v1/metrics</c> and <c>/v1/traces</c> are put behind it.</summary>
    public required Uri Endpoint { get; init; }

    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Headers of every request, in most cases what authorizes it.</summary>
    public Items<SecretHeader> Headers { get; init; }
}

/// <summary>A header whose value is a secret.</summary>
public sealed record SecretHeader(string Name, SecretReference Value);
