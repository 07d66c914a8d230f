namespace Fulcrum.Protocols.Radius;

/// <summary>What a server decided, and the lines that it has for the user (Reply-Message, RFC 2865 section 5.18).</summary>
public sealed record RadiusResponse(RadiusCode Code, IReadOnlyList<string> Messages);
