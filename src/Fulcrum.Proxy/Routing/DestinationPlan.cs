using Fulcrum.Balancing;
using Fulcrum.Model.Upstreams;
using Fulcrum.Proxy.Sessions;

namespace Fulcrum.Proxy.Routing;

/// <summary>What one generation says about one upstream that a listener leads to. Immutable.</summary>
internal sealed class DestinationPlan
{
    /// <summary>The kernel retransmits a SYN for minutes; more attempts than this help nobody.</summary>
    public const int MaxAttempts = 8;

    /// <summary>Its name.</summary>
    public required string Upstream { get; init; }

    public required Balancer Balancer { get; init; }

    /// <summary>The backends that may be chosen, in the balancer's order.</summary>
    public required ServiceBackend[] Candidates { get; init; }

    /// <summary>How each of them is connected to.</summary>
    public required ConnectPlan[] Connects { get; init; }

    public required HashKey Hash { get; init; }

    /// <summary>How many backends are tried until one takes a connection.</summary>
    public required int Attempts { get; init; }

    /// <summary>Failures of a backend in a row that are to be told; 0 means none.</summary>
    public required int EjectAfter { get; init; }

    /// <summary>Milliseconds.</summary>
    public required long ConnectTimeout { get; init; }
}
