using System.Collections;
using System.Text;
using Fulcrum.Linux.Files;

namespace Fulcrum.Linux.Processes;

/// <summary>
/// What this process runs: where the program was found when it began, and what it was told. A program that has taken
/// the place of the file meanwhile is found at the same path; and so is one that a link leads to which was turned: links
/// are not followed.
/// </summary>
/// <param name="File">The executable: the program, or the host that runs it.</param>
/// <param name="Arguments">All, the name of the program first.</param>
public sealed record OwnProgram(string File, IReadOnlyList<string> Arguments)
{
    private const string Own = "/proc/self/exe";

    /// <summary>To be asked when the process begins. Null: the system does not say.</summary>
    public static OwnProgram? Find() =>
        Environment.ProcessPath is { } file && Read() is { Count: > 0 } arguments
            ? new(Lead(arguments[0]) ?? file, arguments)
            : null;

    /// <summary>Where a program of this name is found, as it was found for this process; null: it is another one there.</summary>
    internal static string? Lead(string name)
    {
        var own = FileIdentity.Of(Own);
        var paths = name.Contains('/')
            ? [Path.GetFullPath(name)]
            : (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(':')
                .Where(Path.IsPathRooted)
                .Select(folder => Path.Combine(folder, name));
        return own is null ? null : paths.FirstOrDefault(path => FileIdentity.Of(path) == own);
    }

    /// <summary>The variables of this process, with some changes; null takes one away.</summary>
    public static Dictionary<string, string> EnvironmentWith(params (string Name, string? Value)[] changes)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        foreach (var (name, value) in changes)
        {
            variables.Remove(name);
            if (value is not null)
            {
                variables[name] = value;
            }
        }

        return variables;
    }

    private static List<string> Read()
    {
        try
        {
            var line = System.IO.File.ReadAllBytes("/proc/self/cmdline");
            return [.. Encoding.UTF8.GetString(line).TrimEnd('\0').Split('\0')];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
