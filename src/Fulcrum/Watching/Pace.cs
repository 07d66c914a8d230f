namespace Fulcrum.Watching;

/// <summary>How long to wait before asking again: always the same, and longer and longer while there is no answer.</summary>
internal sealed class Pace
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _every;

    public Pace(TimeSpan every) => Next = _every = every;

    public TimeSpan Next { get; private set; }

    /// <summary>There was an answer.</summary>
    public void Succeeded() => Next = _every;

    /// <summary>There was none; the first pause is a usual one, and each is twice the one before.</summary>
    /// <param name="times">So often in a row.</param>
    public void Failed(int times)
    {
        var usual = _every > First ? _every : First;
        var next = usual * Math.Pow(2, Math.Min(times - 1, 10));
        Next =
            next < Longest ? next
            : usual > Longest ? usual
            : Longest;
    }
}
