using Fulcrum.Health.Scheduling;

namespace Fulcrum.Health.Tests;

public sealed class FlapDetectorTests
{
    // Results as + and -; when it begins and ends to flap, counted in results.
    [Theory]
    [InlineData("++++++++++++++++++++++++++++++", 0, 0)]
    [InlineData("+++++++++++++++---------------", 0, 0)]
    [InlineData("+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-", 11, 0)]
    [InlineData("++--++--++--++--++--++--++--++--++--", 21, 0)]
    [InlineData("+++---+++---+++---+++---+++---", 0, 0)]
    [InlineData("+-+-+-+-+-+++++++++++++++++++++++++++", 11, 26)]
    public void It_looks_at_the_changes_among_the_last_results(string results, int begins, int ends)
    {
        var detector = new FlapDetector();
        var (began, ended) = (0, 0);
        for (var i = 1; i <= results.Length; i++)
        {
            var was = detector.IsFlapping;
            detector.Add(results[i - 1] == '+');
            (began, ended) = (was, detector.IsFlapping) switch
            {
                (false, true) => (i, ended),
                (true, false) => (began, i),
                _ => (began, ended),
            };
        }

        Assert.Equal((begins, ends), (began, ended));
    }
}
