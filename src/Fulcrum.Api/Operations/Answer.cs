using System.Text.Json.Serialization.Metadata;

namespace Fulcrum.Api.Operations;

/// <summary>One way in which an operation answers.</summary>
/// <param name="Document">What is in it. Null: nothing, or what <paramref name="Media"/> says.</param>
/// <param name="Media">The media type of what is no JSON document.</param>
internal sealed record Answer(int Status, string Description, JsonTypeInfo? Document = null, string? Media = null);
