namespace Fulcrum.Engine.Deriving.Upstreams;

/// <summary>A weight grows in equal steps, the first at once and the last a step before the ramp ends.</summary>
internal static class Ramp
{
    public const int Steps = 20;

    /// <summary>1 to <see cref="Steps"/>.</summary>
    public static int StepAt(DateTimeOffset since, TimeSpan ramp, DateTimeOffset now) =>
        ramp <= TimeSpan.Zero ? Steps : (int)Math.Clamp(1 + ((now - since).Ticks * Steps / ramp.Ticks), 1, Steps);

    public static bool IsOver(DateTimeOffset since, TimeSpan ramp, DateTimeOffset now) =>
        StepAt(since, ramp, now) == Steps;

    /// <summary>When the next step begins; never before it really does.</summary>
    public static DateTimeOffset EndOf(int step, DateTimeOffset since, TimeSpan ramp) =>
        since.AddTicks(((ramp.Ticks * step) + Steps - 1) / Steps);
}
