using Fulcrum.Configuration;
using Fulcrum.Model.Problems;

namespace Fulcrum.Fuzz;

/// <summary>
/// The native language: any bytes are a configuration or have problems, and what is a configuration is written
/// such that it reads back equal, as YAML and as JSON.
/// </summary>
internal sealed class ConfigTarget : IFuzzTarget
{
    private static readonly LoadOptions Options = new()
    {
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["A"] = "a", ["PORT"] = "80" },
    };

    public string Name => "config";

    public IReadOnlyList<string> Corpus => ["examples", "tests/Fulcrum.Configuration.Tests/Broken"];

    public void Run(ReadOnlySpan<byte> input)
    {
        var text = input.ToArray();
        Check(SnapshotLoader.Parse(text, "fuzz", ConfigurationFormat.Yaml, Options));
        if (input.TrimStart((byte)' ').StartsWith("{"u8))
        {
            Check(SnapshotLoader.Parse(text, "fuzz", ConfigurationFormat.Json, Options));
        }
    }

    private static void Check(LoadResult result)
    {
        var hasErrors = result.Problems.Any(problem => problem.Severity == Severity.Error);
        if (result.Snapshot is null != hasErrors)
        {
            throw new FuzzFailureException("a snapshot and errors, or neither");
        }

        foreach (var problem in result.Problems)
        {
            if (problem.Message.Length is 0 or > 1000 || problem.ToString().Contains('\n'))
            {
                throw new FuzzFailureException($"a message of {problem.Message.Length} characters: {problem.Message}");
            }
        }

        if (result.Snapshot is { } snapshot)
        {
            Compare(
                result,
                SnapshotLoader.Parse(SnapshotWriter.ToYaml(snapshot), "yaml", ConfigurationFormat.Yaml, Options)
            );
            Compare(
                result,
                SnapshotLoader.Parse(SnapshotWriter.ToJson(snapshot), "json", ConfigurationFormat.Json, Options)
            );
        }
    }

    private static void Compare(LoadResult first, LoadResult second)
    {
        if (second.Snapshot != first.Snapshot)
        {
            throw new FuzzFailureException(
                $"reads back as another\n{string.Join('\n', second.Problems)}\n{SnapshotWriter.ToYaml(first.Snapshot!)}"
            );
        }
    }
}
