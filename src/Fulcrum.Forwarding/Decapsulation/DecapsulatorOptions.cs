using System.Net;

namespace Fulcrum.Forwarding.Decapsulation;

/// <summary>Which tunnels are taken off.</summary>
public sealed record DecapsulatorOptions
{
    public const int UsualGuePort = 6080;

    /// <summary>Where the packets inside go to.</summary>
    public required IReadOnlyCollection<IPAddress> Vips { get; init; }

    /// <summary>Who sends them; empty: anybody.</summary>
    public IReadOnlyCollection<IPNetwork> Balancers { get; init; } = [];

    /// <summary>The UDP port of GUE; null: none.</summary>
    public int? GuePort { get; init; } = UsualGuePort;
}
