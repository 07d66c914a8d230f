using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>What later decisions about one view of an upstream depend on.</summary>
internal sealed record UpstreamMemory
{
    public static UpstreamMemory Initial { get; } = new();

    /// <summary>Before the first decision.</summary>
    public static UpstreamMemory Of(UpstreamContext context) =>
        context.Inputs.WereUp.ContainsKey(context.Upstream.Name) ? Initial with { WasUp = true } : Initial;

    /// <summary>It was up: it stays so down to the low mark.</summary>
    public bool WasUp { get; init; }

    /// <summary>It was up before it went below its mark, and was not since.</summary>
    public bool Fell { get; init; }

    /// <summary>Priorities whose members alone were enough.</summary>
    public Items<int> Sufficient { get; init; }

    /// <summary>In the order of the facts.</summary>
    public Items<MemberMemory> Members { get; init; }
}
