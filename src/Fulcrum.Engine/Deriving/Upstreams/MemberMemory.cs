using System.Net;
using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>What is remembered of one member. It is the same one while its id, address and port are the same.</summary>
internal sealed record MemberMemory
{
    public required string Id { get; init; }

    /// <summary>As it was last configured; a member that was removed drains by this.</summary>
    public required Backend Backend { get; init; }

    /// <summary>Where it was found; null: its name had no address.</summary>
    public required IPAddress? Address { get; init; }

    /// <summary>What was asked of it.</summary>
    public Items<ProbeTask> Probes { get; init; }

    /// <summary>It once got traffic, so that sessions may be left.</summary>
    public bool HasServed { get; init; }

    /// <summary>Since when it may serve again, while it still comes back to its weight; null: it has its weight.</summary>
    public DateTimeOffset? RecoveringSince { get; init; }

    /// <summary>It was known not to be able to serve when last decided.</summary>
    public bool WasDown { get; init; }

    /// <summary>When its drain began; null: it does not drain.</summary>
    public DateTimeOffset? DrainingSince { get; init; }

    /// <summary>The last time that real traffic put it out; null: never.</summary>
    public EjectionMemory? Ejection { get; init; }

    /// <summary>Its index in a kernel plane's tables.</summary>
    public HeldNumber? Number { get; init; }

    /// <summary>The mark of probes that go through the plane to it.</summary>
    public HeldNumber? ProbeMark { get; init; }
}

/// <param name="By">What it was put out for.</param>
/// <param name="Until">When it comes back, or came back.</param>
/// <param name="InARow">How often it was put out, this time included, with too little time between to forget.</param>
internal sealed record EjectionMemory(PassiveSignal By, DateTimeOffset Until, int InARow);

/// <summary>A sticky number and what it is held by.</summary>
internal sealed record HeldNumber(NumberKey Key, int Value);
