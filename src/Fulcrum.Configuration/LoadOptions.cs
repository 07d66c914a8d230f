using System.Collections;

namespace Fulcrum.Configuration;

/// <summary>What a configuration may see of the world around it.</summary>
public sealed record LoadOptions
{
    public static LoadOptions Default { get; } = new();

    /// <summary>
    /// For what Fulcrum wrote itself, and kept object by object or source by source: it may lead to what stands
    /// elsewhere, and needs nothing of the world.
    /// </summary>
    public static LoadOptions Part { get; } =
        new() { IsWhole = false, Environment = new Dictionary<string, string>(StringComparer.Ordinal) };

    /// <summary>The text is all there is, so that every name in it must lead somewhere.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>Variables for <c>${NAME}</c>. Default: those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = OfThisProcess();

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
