using System.Text;
using System.Text.Json.Nodes;
using Fulcrum.Configuration;
using Fulcrum.Engine.Sources;
using Fulcrum.Model;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Problems;
using Fulcrum.Model.Values;

namespace Fulcrum.Api.Configuring;

/// <summary>Objects to the language, and back.</summary>
internal static class ConfigurationPart
{
    // The text comes from elsewhere: nothing in it stands for this process' environment.
    private static readonly LoadOptions Foreign = new() { Environment = new Dictionary<string, string>() };

    /// <summary>The kinds that the API may bring.</summary>
    public static IReadOnlyList<string> Kinds { get; } =
    [.. SnapshotSection.All.Select(section => section.Key).Where(kind => kind != "nodes")];

    /// <summary>One object as it stands under its name in a configuration.</summary>
    public static JsonNode Show(SnapshotSection section, INamed item) =>
        SnapshotWriter.ToJsonObject(section.With(Snapshot.Empty, item))[section.Key]![item.Name]!.DeepClone();

    /// <summary>The objects that a text makes: the one it is about, and those that its short forms stand for.</summary>
    /// <returns>Null, with the reasons: it is not valid.</returns>
    public static (IReadOnlyList<INamed>? Objects, IReadOnlyList<Problem> Problems) Read(
        ObjectKey key,
        byte[] text,
        ConfigurationFormat format
    )
    {
        var loaded = SnapshotLoader.ParseObject(key.Kind, key.Name, text, format, Foreign);
        return loaded.Snapshot is { } snapshot
            ? ([.. SnapshotSection.All.SelectMany(section => section.Of(snapshot))], loaded.Problems)
            : (null, loaded.Problems);
    }

    /// <summary>The same for what was put together here: places in it would be places in a text that nobody wrote.</summary>
    public static (IReadOnlyList<INamed>? Objects, IReadOnlyList<Problem> Problems) Read(ObjectKey key, JsonNode? part)
    {
        var (objects, problems) = Read(
            key,
            Encoding.UTF8.GetBytes(part?.ToJsonString() ?? "null"),
            ConfigurationFormat.Json
        );
        return (objects, [.. problems.Select(problem => problem with { Position = null })]);
    }
}
