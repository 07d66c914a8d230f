namespace Fulcrum.Bench;

/// <summary>Where a program under test may run.</summary>
/// <param name="Processors">On these only.</param>
/// <param name="Namespace">In this network namespace; null: in that of who starts it.</param>
internal sealed record Confinement(int[] Processors, string? Namespace)
{
    /// <summary>The command that runs a command inside; the process is the same (ip-netns(8) becomes it).</summary>
    public string[] Enclose(string[] command) =>
        Namespace is { } name ? ["ip", "netns", "exec", name, .. command] : command;
}
