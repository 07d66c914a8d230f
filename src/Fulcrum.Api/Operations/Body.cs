using System.Text.Json.Serialization.Metadata;

namespace Fulcrum.Api.Operations;

/// <summary>What an operation takes.</summary>
/// <param name="Media">Media types; the first is meant where none is said.</param>
/// <param name="MostBytes">One that is longer is refused, at the latest when so many were read.</param>
internal sealed record Body(IReadOnlyList<string> Media, int MostBytes)
{
    /// <summary>An override, a question: nothing that small needs more.</summary>
    public const int Small = 64 * 1024;

    /// <summary>An object with some thousand backends.</summary>
    public const int Part = 4 * 1024 * 1024;

    /// <summary>A whole configuration.</summary>
    public const int Large = 64 * 1024 * 1024;

    public const string Json = "application/json";
    public const string Yaml = "application/yaml";

    /// <summary>RFC 7396.</summary>
    public const string MergePatch = "application/merge-patch+json";

    /// <summary>It is such a document. Null: a text in the configuration language.</summary>
    public JsonTypeInfo? Document { get; init; }

    /// <summary>It is this part of the configuration language, as its schema calls it: <c>service</c>; <c>*</c>: the kind that the path names.</summary>
    public string? Language { get; init; }

    public static Body Of(JsonTypeInfo document) => new([Json], Small) { Document = document };
}
