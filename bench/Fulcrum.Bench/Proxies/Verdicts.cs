using Fulcrum.Bench.Statistics;

namespace Fulcrum.Bench.Proxies;

/// <summary>
/// What was wanted, and whether it is so. A ratio is judged by the bad end of its interval, which may miss the goal by a
/// little: so much differs between two runs of the same program.
/// </summary>
internal sealed class Verdicts
{
    private const double Tolerance = 0.05;

    private readonly List<string> _missed = [];

    public IReadOnlyList<string> Missed => _missed;

    public void AtLeast(Row row, string what, Interval ratio, double goal) =>
        Judge(row, what, $"at least {goal:0.00}", ratio.Low - (goal - Tolerance));

    public void AtMost(Row row, string what, Interval ratio, double goal) =>
        Judge(row, what, $"at most {goal:0.00}", goal + Tolerance - ratio.High);

    /// <summary>An amount with a bound of its own, without tolerance.</summary>
    public void Within(Row row, string what, Interval amount, double most) =>
        Judge(row, what, $"at most {most:0}", most - amount.High);

    /// <summary>There is nothing to judge.</summary>
    public void Fail(string why)
    {
        _missed.Add(why);
        Console.Error.WriteLine(why);
    }

    private void Judge(Row row, string what, string wanted, double room)
    {
        var verdict = room >= 0 ? "kept" : $"MISSED by {-room:0.00}";
        Console.WriteLine($"    wanted: {what} {wanted}: {verdict}");
        if (room < 0)
        {
            _missed.Add($"{row.Name}: {what} {wanted}, missed by {-room:0.00}");
        }
    }
}
