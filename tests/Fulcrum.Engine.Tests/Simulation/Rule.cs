namespace Fulcrum.Engine.Tests.Simulation;

/// <summary>What must hold. Broken inside an adapter, where the engine would take an exception for the adapter's.</summary>
internal static class Rule
{
    [ThreadStatic]
    private static string? s_broken;

    public static void Holds(bool holds, string otherwise) => s_broken ??= holds ? null : otherwise;

    /// <summary>What was broken first since it was last asked; null: nothing.</summary>
    public static string? TakeBroken()
    {
        var broken = s_broken;
        s_broken = null;
        return broken;
    }
}
