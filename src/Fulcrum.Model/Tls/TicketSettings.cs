using Fulcrum.Model.Values;

namespace Fulcrum.Model.Tls;

/// <summary>What protects the tickets by which clients resume (RFC 5077, RFC 8446 section 4.6.1).</summary>
public sealed record TicketSettings
{
    /// <summary>From it the nodes that know it derive the same keys. Null: a node makes its own.</summary>
    public SecretReference? Secret { get; init; }

    /// <summary>For how long a key protects new tickets.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromHours(12);
}
