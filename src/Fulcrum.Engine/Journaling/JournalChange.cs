namespace Fulcrum.Engine.Journaling;

/// <summary>One key gets a value, or goes.</summary>
/// <param name="Value">Text whose meaning is its writer's affair; null removes the key.</param>
public sealed record JournalChange(string Key, string? Value);
