using System.Diagnostics;

namespace Fulcrum.Engine.Reconciling;

/// <summary>Traces of what the engine was asked to do.</summary>
public static class EngineActivity
{
    public const string Name = "fulcrum";

    internal static ActivitySource Source { get; } = new(Name);
}
