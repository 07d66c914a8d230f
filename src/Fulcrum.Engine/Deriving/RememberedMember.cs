using Fulcrum.Engine.Ports;

namespace Fulcrum.Engine.Deriving;

/// <summary>What the process before this one remembered of a member of an upstream.</summary>
/// <param name="Backend">As in <see cref="PlaneBackend.Id"/>.</param>
/// <param name="Complaint">What real traffic put it out for the last time; null: it never did.</param>
/// <param name="Until">Until when that was.</param>
/// <param name="InARow">How often it was put out, that time included, with too little time between to forget.</param>
/// <param name="RecoveringSince">Since when it comes back to its weight; null: it has it.</param>
public sealed record RememberedMember(
    string Upstream,
    string Backend,
    PassiveSignal? Complaint = null,
    DateTimeOffset Until = default,
    int InARow = 0,
    DateTimeOffset? RecoveringSince = null
);
