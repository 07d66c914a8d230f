namespace Fulcrum.Linux.Processes;

/// <summary>Rights that root is made of (capabilities(7)), as far as they matter here.</summary>
public enum Capability
{
    BindService = 10,
    AdministerNetwork = 12,
    RawSockets = 13,
    AdministerSystem = 21,
    ObservePerformance = 38,
    LoadPrograms = 39,
}
