using System.Net;

namespace Fulcrum.Engine.Ports;

/// <summary>Which sessions are asked for; what is null asks nothing.</summary>
public sealed record SessionQuery
{
    public string? Service { get; init; }

    public string? Upstream { get; init; }

    /// <summary><c>UPSTREAM/ID</c>.</summary>
    public string? Backend { get; init; }

    /// <summary>One address is a network of one.</summary>
    public IPNetwork? Client { get; init; }

    /// <summary>Only sessions of these services: those of whoever may not see all.</summary>
    public IReadOnlySet<string>? Services { get; init; }

    /// <summary>Only those whose places come after that of this one, be it there any more or not.</summary>
    public SessionId? After { get; init; }

    /// <summary>So many at most; at least one.</summary>
    public int Limit { get; init; } = int.MaxValue;
}
