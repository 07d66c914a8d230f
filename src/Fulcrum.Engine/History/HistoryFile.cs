namespace Fulcrum.Engine.History;

/// <summary>A file of the history.</summary>
public readonly record struct HistoryFile(string Name, long Bytes);
