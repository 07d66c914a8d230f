namespace Fulcrum.Engine.History;

/// <summary>One configuration that was in force, as <c>fulcrum history</c> lists it.</summary>
/// <param name="Number">Grows by one with each.</param>
/// <param name="At">When it came into force.</param>
/// <param name="By">Who wanted it.</param>
/// <param name="Source">The source that changed: <c>file /etc/fulcrum/edge.yaml</c>.</param>
/// <param name="Services">How many it has.</param>
/// <param name="Backends">How many it has.</param>
public sealed record HistoryEntry(int Number, DateTimeOffset At, string By, string Source, int Services, int Backends);
