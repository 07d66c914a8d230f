using Fulcrum.Model.Upstreams;

namespace Fulcrum.Balancing.Tests.Algorithms;

public sealed class FirstTests
{
    [Fact]
    public void Fills_one_after_the_other_in_the_order_written()
    {
        var balancer = Balancer.Create(BalanceAlgorithm.First, Sample.Backends(0, 1, 100, 1));
        var state = balancer.CreateState(5);
        var load = new FakeLoad(4);
        Assert.Equal(1, balancer.Pick(state, new PickRequest(1, load)));
        Assert.Equal(2, balancer.Pick(state, new PickRequest(1, load, [1])));
        load.Full[1] = load.Full[2] = true;
        Assert.Equal(3, balancer.Pick(state, new PickRequest(1, load)));
        load.Full[1] = false;
        Assert.Equal(1, balancer.Pick(state, new PickRequest(1, load)));
    }
}
