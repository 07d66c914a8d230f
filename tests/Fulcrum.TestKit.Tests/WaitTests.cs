namespace Fulcrum.TestKit.Tests;

public sealed class WaitTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(30);

    [Fact]
    public async Task Until_asks_again_until_the_condition_holds()
    {
        var asked = 0;
        await Wait.Until(() => ++asked == 4, "the fourth question");
        Assert.Equal(4, asked);
    }

    [Fact]
    public async Task In_vain_it_says_for_what()
    {
        var e = await Assert.ThrowsAsync<TimeoutException>(() => Wait.Until(() => false, "the moon", Short));
        Assert.Equal("waited 0.03 s in vain for the moon", e.Message);
        var never = new TaskCompletionSource();
        e = await Assert.ThrowsAsync<TimeoutException>(() => Wait.For(never.Task, "the sun", Short));
        Assert.Contains("the sun", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_of_the_condition_comes_through_at_once() =>
        await Assert.ThrowsAsync<FormatException>(() => Wait.Until(Fails, "nothing"));

    private static bool Fails() => throw new FormatException();

    [Fact]
    public async Task A_task_gives_its_result_or_its_failure()
    {
        Assert.Equal(7, await Wait.For(Task.FromResult(7), "seven"));
        await Assert.ThrowsAsync<FormatException>(() => Wait.For(Task.FromException(new FormatException()), "nothing"));
        Assert.Equal("x", await Wait.ForValue(() => "x", "x"));
    }
}
