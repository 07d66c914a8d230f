namespace Fulcrum.Architecture.Tests;

/// <summary>Asserts on lists of violations, and shows all of them whole.</summary>
internal static class Broken
{
    public static void None(IEnumerable<string> violations)
    {
        var all = violations.ToArray();
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}
