using System.Text.Json.Serialization;
using Fulcrum.Api.Changes;
using Fulcrum.Api.Checks;
using Fulcrum.Api.Explaining;
using Fulcrum.Api.Overrides;
using Fulcrum.Api.Problems;
using Fulcrum.Api.Status;

namespace Fulcrum.Api;

/// <summary>Every document that the API reads or writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    WriteIndented = true,
    RespectNullableAnnotations = true
)]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(OverrideDocument))]
[JsonSerializable(typeof(OverrideOrder))]
[JsonSerializable(typeof(ApplyDocument))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(HistoryDocument))]
[JsonSerializable(typeof(ExplanationDocument))]
[JsonSerializable(typeof(TraceDocument))]
[JsonSerializable(typeof(ChecksDocument))]
[JsonSerializable(typeof(TransitionsDocument))]
public sealed partial class ApiJson : JsonSerializerContext;
