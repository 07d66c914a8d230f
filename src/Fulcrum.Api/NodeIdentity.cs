namespace Fulcrum.Api;

/// <summary>Who answers.</summary>
public sealed record NodeIdentity(string Node, string Version, string Source, DateTimeOffset Started);
