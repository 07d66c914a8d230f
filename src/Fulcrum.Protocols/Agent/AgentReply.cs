namespace Fulcrum.Protocols.Agent;

/// <summary>What an agent beside a backend says of it; null is what it says nothing of.</summary>
/// <param name="Weight">The part of the configured weight, 0 to 1; more than all of it is kept up to 2.56.</param>
public sealed record AgentReply(AgentState? State, double? Weight, int? MaxConnections, string? Reason);

/// <summary>The graver ones last: of several words the gravest holds.</summary>
public enum AgentState
{
    Up,
    Drain,
    Down,
    Maintenance,
}
