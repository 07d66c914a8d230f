using Fulcrum.Engine.Ports;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>
/// Whether so many members are enough: up at the high mark, and then up down to the low one. A low mark above the high
/// one lifts it, so coming up takes both.
/// </summary>
internal static class Watermark
{
    public static Verdict Judge(bool wasUp, Headcount members, Watermarks marks) =>
        IsEnough(members.Healthy, members.Total, marks)
        || (wasUp && Meets(members.Able, members.Total, marks.KeepWhile ?? marks.AtLeast))
            ? Verdict.Healthy
        : IsEnough(members.Able, members.Total, marks) ? Verdict.Unknown
        : Verdict.Unhealthy;

    /// <summary>Nobody is never enough. Shares are compared in single precision, as Seesaw does.</summary>
    public static bool Meets(int count, int total, Amount amount) =>
        total > 0
        && count > 0
        && (amount.Share is { } share ? (float)count / total >= (float)share : count >= amount.Count);

    private static bool IsEnough(int count, int total, Watermarks marks) =>
        Meets(count, total, marks.AtLeast) && (marks.KeepWhile is not { } low || Meets(count, total, low));
}
