using System.Collections;

namespace Fulcrum.Configuration;

/// <summary>What a configuration may see of the world around it.</summary>
public sealed record LoadOptions
{
    public static LoadOptions Default { get; } = new();

    /// <summary>Variables for <c>${NAME}</c>. Default: those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = OfThisProcess();

    /// <summary>A part of a configuration: what its names lead to may stand elsewhere.</summary>
    public bool IsFragment { get; init; }

    private static Dictionary<string, string> OfThisProcess()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return variables;
    }
}
