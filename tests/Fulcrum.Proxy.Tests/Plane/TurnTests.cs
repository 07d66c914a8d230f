namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>What the watchdog asks of each loop.</summary>
public sealed class TurnTests
{
    [Fact]
    public async Task A_loop_that_does_not_turn_gives_no_sign_of_life_and_the_others_do()
    {
        await using var harness = new PlaneHarness();
        using var gate = new ManualResetEventSlim();
        var held = harness.Plane.EventLoops[1].InvokeAsync(gate.Wait);
        await TestKit.Wait.For(harness.Plane.TurnAsync(0), "the free loop to turn");
        var silent = harness.Plane.TurnAsync(1);
        Assert.False(silent.IsCompleted);
        gate.Set();
        await TestKit.Wait.For(silent, "the other loop to turn again");
        await held;
    }
}
