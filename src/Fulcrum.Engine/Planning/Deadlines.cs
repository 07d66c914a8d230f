using Fulcrum.Configuration;

namespace Fulcrum.Engine.Planning;

/// <summary>How long who is connected may stay, in words.</summary>
internal static class Deadlines
{
    public static string Text(TimeSpan deadline) =>
        deadline > TimeSpan.Zero
            ? $"established connections have {DurationText.Format(deadline)}"
            : "established connections end at once";
}
