using System.Text.Json.Nodes;
using Fulcrum.Configuration.Language;
using Fulcrum.Configuration.Nodes;
using Fulcrum.Model;
using Fulcrum.Model.Values;

namespace Fulcrum.Configuration;

/// <summary>Writes configurations in the native language; what is default is left out. Secrets are references, so none is written.</summary>
public static class SnapshotWriter
{
    public static string ToYaml(Snapshot snapshot) => YamlWriter.Write(Write(snapshot));

    public static string ToJson(Snapshot snapshot) => JsonWriter.Write(Write(snapshot));

    /// <summary>The whole as JSON: <c>["services"]["web"]</c> is the service of that name.</summary>
    public static JsonObject ToJsonObject(Snapshot snapshot) => JsonWriter.ToJson(Write(snapshot))!.AsObject();

    private static ConfigNode Write(Snapshot snapshot) =>
        SnapshotShape.Shape.Write(
            new SnapshotOptions
            {
                Snapshot = snapshot,
                Services = Items.From(snapshot.Services.Select(service => new ServiceOptions { Service = service })),
            }
        );
}
