using Fulcrum.TestKit.Peers;

namespace Fulcrum.TestKit.Tests.Peers;

public sealed class LogCaptureTests
{
    [Fact]
    public void The_newest_lines_are_kept_up_to_a_bound()
    {
        var log = new LogCapture();
        for (var i = 0; i < 25_000; i++)
        {
            log.Add($"line {i}");
        }

        Assert.Equal(20_000, log.Lines.Count);
        Assert.Equal("line 24999\n", log.Tail(1));
        Assert.True(log.Contains("line 24998"));
        Assert.False(log.Contains("line 4999 "));
    }
}
