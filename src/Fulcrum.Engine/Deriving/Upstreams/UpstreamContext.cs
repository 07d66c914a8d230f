using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>What one view of an upstream is decided from.</summary>
internal sealed record UpstreamContext(EngineInputs Inputs, Upstream Upstream, UpstreamView View, LedgerDraft Numbers)
{
    /// <summary>What the process before this one remembered of a member; null: nothing, or it was decided about here.</summary>
    public RememberedMember? Remembered(Member member) =>
        member.Past is null && !Inputs.Remembered.IsEmpty ? Inputs.Remembered[$"{Upstream.Name}/{member.Id}"] : null;
}
