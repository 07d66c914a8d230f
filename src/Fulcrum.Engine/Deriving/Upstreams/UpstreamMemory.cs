using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>What later decisions about one view of an upstream depend on.</summary>
internal sealed record UpstreamMemory
{
    public static UpstreamMemory Initial { get; } = new();

    /// <summary>It was up: it stays so down to the low mark.</summary>
    public bool WasUp { get; init; }

    /// <summary>Priorities whose members alone were enough.</summary>
    public Items<int> Sufficient { get; init; }

    /// <summary>In the order of the facts.</summary>
    public Items<MemberMemory> Members { get; init; }
}

/// <summary>What is remembered of one member.</summary>
internal sealed record MemberMemory
{
    /// <summary>As it was last configured; a member that was removed drains by this.</summary>
    public required Backend Backend { get; init; }

    /// <summary>Since when it may serve again, while it still comes back to its weight; null: it has its weight.</summary>
    public DateTimeOffset? RecoveringSince { get; init; }

    /// <summary>It was known not to be able to serve when last decided.</summary>
    public bool WasDown { get; init; }

    /// <summary>When its drain began; null: it does not drain.</summary>
    public DateTimeOffset? DrainingSince { get; init; }

    /// <summary>Real traffic put it out until then.</summary>
    public DateTimeOffset? EjectedUntil { get; init; }

    /// <summary>How often in a row it was put out.</summary>
    public int Ejections { get; init; }
}
