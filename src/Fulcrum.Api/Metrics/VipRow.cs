using Fulcrum.Engine.Deriving.Vips;

namespace Fulcrum.Api.Metrics;

/// <summary>What is told of one vip.</summary>
internal sealed record VipRow(KeyValuePair<string, object?>[] Labels, VipState State, bool IsActive);
