using Fulcrum.Proxy.Tests.Simulation;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests;

public sealed class SimulationTests
{
    [Fact]
    public void Every_byte_every_end_and_every_reset_arrives_in_any_interleaving()
    {
        var seed = Seeds.FromEnvironmentOrFresh();
        var count = Soak.Count(1_000_000);
        var began = TimeProvider.System.GetTimestamp();
        var problem = Simulator.Run(seed, count);
        Assert.True(problem is null, problem);
        var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} interleavings, {count / seconds:0} a second");
    }
}
