namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>What the loops allocate.</summary>
internal static class Allocations
{
    private const int Rounds = 2_000;

    /// <summary>Once a loop has reached its working size, further rounds allocate nothing there.</summary>
    public static async Task AssertNoneAsync(PlaneHarness harness, Action round)
    {
        var expected = new List<long>();
        for (var warm = 0; warm < Rounds; warm++)
        {
            round();
        }
        foreach (var loop in harness.Plane.EventLoops)
        {
            // Asking allocates too, by the same amount each time; the second answer holds the first question's.
            _ = await loop.InvokeAsync(GC.GetAllocatedBytesForCurrentThread);
            var one = await loop.InvokeAsync(GC.GetAllocatedBytesForCurrentThread);
            var two = await loop.InvokeAsync(GC.GetAllocatedBytesForCurrentThread);
            expected.Add(two + (two - one));
        }
        for (var count = 0; count < Rounds; count++)
        {
            round();
        }
        for (var index = 0; index < expected.Count; index++)
        {
            var allocated = await harness.Plane.EventLoops[index].InvokeAsync(GC.GetAllocatedBytesForCurrentThread);
            // Less than a byte a round: what the runtime itself does on the thread now and then is not ours.
            Assert.InRange(allocated - expected[index], -Rounds / 2, Rounds / 2);
        }
    }
}
