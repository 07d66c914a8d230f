namespace Fulcrum.Acme.Ordering;

/// <summary>How long nothing is asked.</summary>
internal static class Pause
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(6);
    private static readonly TimeSpan LongestForAll = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestWishedPoll = TimeSpan.FromMinutes(5);

    /// <summary>After an attempt that failed: twice as long each time, less a random part, and as long as was asked for.</summary>
    /// <param name="failures">In a row; 1 or more.</param>
    public static TimeSpan AfterFailure(int failures, TimeSpan? asked, double chance)
    {
        var whole = First * Math.Pow(2, Math.Min(failures - 1, 16));
        var pause = (whole < Longest ? whole : Longest) * (1 - (chance / 4));
        return asked is { } wish && wish > pause ? wish : pause;
    }

    /// <summary>
    /// Of all names, when an authority had enough of one. It may mean that one alone, and for days: the others look again
    /// after an hour.
    /// </summary>
    public static TimeSpan OfAll(TimeSpan? asked) =>
        asked is { } wish && wish < LongestForAll ? wish
        : asked is null ? First
        : LongestForAll;

    /// <summary>Between two looks at what an authority is busy with.</summary>
    public static TimeSpan OfPoll(int looks, TimeSpan? asked)
    {
        var pause = FirstPoll * Math.Pow(1.5, Math.Min(looks, 16));
        return asked is { } wish && wish > FirstPoll ? (wish < LongestWishedPoll ? wish : LongestWishedPoll)
            : pause < LongestPoll ? pause
            : LongestPoll;
    }
}
