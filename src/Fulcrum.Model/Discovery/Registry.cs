using Fulcrum.Model.Values;

namespace Fulcrum.Model.Discovery;

/// <summary>A catalogue that is told of our services (Consul's agent).</summary>
public sealed record Registry : INamed
{
    public required string Name { get; init; }

    public required Uri Consul { get; init; }

    public SecretReference? Token { get; init; }
}
