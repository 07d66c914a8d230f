using Fulcrum.Engine.Ports;
using Fulcrum.Health.Scheduling;

namespace Fulcrum.Health.Tests;

public sealed class VerdictCounterTests
{
    // Results are written + and -, the verdict after each as H, U.
    [Theory]
    [InlineData(2, 3, "+", "H")]
    [InlineData(2, 3, "-", "U")]
    [InlineData(2, 3, "+---", "HHHU")]
    [InlineData(2, 3, "+--+--+--", "HHHHHHHHH")]
    [InlineData(2, 3, "-++", "UUH")]
    [InlineData(2, 3, "-+-+-+", "UUUUUU")]
    [InlineData(1, 1, "+-+-", "HUHU")]
    [InlineData(3, 2, "+--+++--", "HHUUUHHU")]
    public void Only_results_in_a_row_change_a_verdict(int rise, int fall, string results, string verdicts)
    {
        var counter = new VerdictCounter(rise, fall);
        var before = Verdict.Unknown;
        for (var i = 0; i < results.Length; i++)
        {
            var changed = counter.Add(results[i] == '+');
            Assert.Equal(verdicts[i] == 'H' ? Verdict.Healthy : Verdict.Unhealthy, counter.Verdict);
            Assert.Equal(before != counter.Verdict, changed);
            before = counter.Verdict;
        }
    }
}
