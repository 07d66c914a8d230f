using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>What one view of an upstream is decided from.</summary>
internal sealed record UpstreamContext(EngineInputs Inputs, Upstream Upstream, UpstreamView View, LedgerDraft Numbers);
