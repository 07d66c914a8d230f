using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fulcrum.Api.Certificates;
using Fulcrum.Api.Changes;
using Fulcrum.Api.Checks;
using Fulcrum.Api.Configuring;
using Fulcrum.Api.Events;
using Fulcrum.Api.Explaining;
using Fulcrum.Api.Lists;
using Fulcrum.Api.Objects;
using Fulcrum.Api.Overrides;
using Fulcrum.Api.Problems;
using Fulcrum.Api.Sessions;
using Fulcrum.Api.Status;
using Fulcrum.Api.Upgrading;
using Fulcrum.Engine.History;

namespace Fulcrum.Api;

/// <summary>Every document that the API reads or writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    WriteIndented = true,
    RespectNullableAnnotations = true,
    // Which of two values counts is nobody's to guess.
    AllowDuplicateProperties = false
)]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(ProblemDocument))]
[JsonSerializable(typeof(OverrideDocument))]
[JsonSerializable(typeof(ListDocument<OverrideDocument>))]
[JsonSerializable(typeof(OverrideOrder))]
[JsonSerializable(typeof(ApplyDocument))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(ListDocument<HistoryEntry>))]
[JsonSerializable(typeof(ExplanationDocument))]
[JsonSerializable(typeof(TraceDocument))]
[JsonSerializable(typeof(ListDocument<CheckDocument>))]
[JsonSerializable(typeof(TransitionsDocument))]
[JsonSerializable(typeof(ServiceDocument))]
[JsonSerializable(typeof(ListDocument<ServiceDocument>))]
[JsonSerializable(typeof(UpstreamDocument))]
[JsonSerializable(typeof(ListDocument<UpstreamDocument>))]
[JsonSerializable(typeof(BackendDocument))]
[JsonSerializable(typeof(ListDocument<BackendDocument>))]
[JsonSerializable(typeof(VipDocument))]
[JsonSerializable(typeof(ListDocument<VipDocument>))]
[JsonSerializable(typeof(AnnouncementDocument))]
[JsonSerializable(typeof(ListDocument<AnnouncementDocument>))]
[JsonSerializable(typeof(PeerDocument))]
[JsonSerializable(typeof(ListDocument<PeerDocument>))]
[JsonSerializable(typeof(CertificateDocument))]
[JsonSerializable(typeof(ListDocument<CertificateDocument>))]
[JsonSerializable(typeof(ListDocument<SourceDocument>))]
[JsonSerializable(typeof(ListDocument<PlaneDocument>))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(ListDocument<ConfigurationDocument>))]
[JsonSerializable(typeof(EventDocument))]
[JsonSerializable(typeof(GapDocument))]
[JsonSerializable(typeof(SessionDocument))]
[JsonSerializable(typeof(SessionsDocument))]
[JsonSerializable(typeof(UpgradeDocument))]
public sealed partial class ApiJson : JsonSerializerContext;
