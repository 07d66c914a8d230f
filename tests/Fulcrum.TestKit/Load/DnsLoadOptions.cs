using System.Net;

namespace Fulcrum.TestKit.Load;

/// <summary>What a <see cref="DnsLoad"/> asks, and how.</summary>
public sealed record DnsLoadOptions
{
    public required IPEndPoint Target { get; init; }

    public required string Name { get; init; }

    public DnsType Type { get; init; } = DnsType.A;

    /// <summary>Clients at the same time.</summary>
    public int Clients { get; init; } = 1;

    /// <summary>Questions by each client before it ends; without one the run goes on until it is stopped.</summary>
    public long? QuestionsPerClient { get; init; }

    /// <summary>Pause of a client between two questions; zero: none.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>Bound on each answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);
}
