using System.Net;

namespace Fulcrum.TestKit.Load;

/// <summary>What an <see cref="HttpLoad"/> asks for, and how.</summary>
public sealed record HttpLoadOptions
{
    public required IPEndPoint Target { get; init; }

    /// <summary>Clients at the same time, each on a connection of its own.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>Requests on a connection before a new one is opened; 1: a connection for each request.</summary>
    public int RequestsPerConnection { get; init; } = int.MaxValue;

    /// <summary>Requests by each client before it ends; without one the run goes on until it is stopped.</summary>
    public long? RequestsPerClient { get; init; }

    /// <summary>Pause of a client between two requests; zero: none.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>Bound on connecting, and again on each answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    public string Path { get; init; } = "/";

    public string Host { get; init; } = "test";

    /// <summary>Bind the client to this address; null: the kernel chooses.</summary>
    public IPAddress? Source { get; init; }
}
