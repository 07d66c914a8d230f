namespace Fulcrum.Following;

/// <summary>One of the server-sent events as it came.</summary>
/// <param name="Id">Where it stands; null: it has no place.</param>
/// <param name="Type">A type of events, or <c>gap</c>.</param>
/// <param name="Data">A document.</param>
internal sealed record EventFrame(string? Id, string Type, string Data);
