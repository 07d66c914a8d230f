using System.Collections;
using System.Text;

namespace Fulcrum.Linux.Processes;

/// <summary>
/// What this process runs: where the program was found when it began, and what it was told. A program that has taken
/// the place of the file meanwhile is found at the same path.
/// </summary>
/// <param name="File">The executable: the program, or the host that runs it.</param>
/// <param name="Arguments">All, the name of the program first.</param>
public sealed record OwnProgram(string File, IReadOnlyList<string> Arguments)
{
    /// <summary>Null: the system does not say.</summary>
    public static OwnProgram? Find() =>
        Environment.ProcessPath is { } file && Read() is { Count: > 0 } arguments ? new(file, arguments) : null;

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
