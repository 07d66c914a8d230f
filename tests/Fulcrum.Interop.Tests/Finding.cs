using Fulcrum.Engine.Ports;

namespace Fulcrum.Interop.Tests;

/// <summary>What a check found, as far as people see it.</summary>
internal sealed record Finding(Verdict Verdict, string Reason)
{
    public static Finding Healthy(string reason) => new(Verdict.Healthy, reason);

    public static Finding Unhealthy(string reason) => new(Verdict.Unhealthy, reason);

    public static Finding Unknown(string reason) => new(Verdict.Unknown, reason);
}
