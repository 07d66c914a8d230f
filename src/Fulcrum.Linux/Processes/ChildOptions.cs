namespace Fulcrum.Linux.Processes;

/// <summary>What to start.</summary>
/// <param name="Arguments">
/// The program and what it is told, which no shell sees. A program without a slash is looked for in the PATH of this
/// process; one with a relative path starts from the root directory.
/// </param>
/// <param name="Environment">All that the environment of the program holds; nothing of ours is added.</param>
public sealed record ChildOptions(IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Whether the kernel's strings, which end at a zero, can say this.</summary>
    internal bool CanBeSaid =>
        Arguments.Count > 0
        && !Arguments.Any(HasZero)
        && !Environment.Any(variable =>
            variable.Key.Length == 0 || variable.Key.Contains('=') || HasZero(variable.Key) || HasZero(variable.Value)
        );

    private static bool HasZero(string text) => text.Contains('\0');
}
