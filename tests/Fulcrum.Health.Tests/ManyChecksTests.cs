using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Health.Tests.Adversaries;
using Fulcrum.Model.Checks;

namespace Fulcrum.Health.Tests;

public sealed class ManyChecksTests
{
    [Fact]
    public async Task A_thousand_that_die_at_once_are_all_known_to_be_dead_in_time()
    {
        using var rig = new ProberRig();
        var server = new StreamAdversary("close", rig.Time, new IPEndPoint(IPAddress.Any, 0));
        var tasks = Enumerable
            .Range(0, 1000)
            .Select(i =>
                ProberRig.TaskFor(
                    new TcpProbe(),
                    new IPEndPoint(
                        new IPAddress([127, 1, (byte)(i / 250), (byte)(1 + (i % 250))]),
                        ((IPEndPoint)server.EndPoint).Port
                    )
                )
            )
            .ToArray();
        await rig.Begin(tasks);
        await rig.RunUntil(() => Task.FromResult(rig.Heard.Count == tasks.Length), () => true, "all to be healthy");
        Assert.All(rig.Heard, news => Assert.Equal(Verdict.Healthy, news.Health.Verdict));
        rig.Time.Advance(ProberRig.Interval);
        await rig.Settle();

        await server.DisposeAsync();
        rig.Heard.Clear();
        var died = rig.Time.Elapsed;
        await rig.RunUntil(() => Task.FromResult(rig.Heard.Count == tasks.Length), () => true, "all to be unhealthy");
        var bound = died + (ProberRig.Interval * tasks[0].Fall) + ProberRig.Timeout;
        Assert.All(
            rig.Heard,
            news =>
            {
                Assert.Equal((Verdict.Unhealthy, "connection refused"), (news.Health.Verdict, news.Health.Reason));
                Assert.True(news.At <= bound, $"{news.At} is later than {bound}");
            }
        );
        Assert.Equal(tasks.Length, rig.Heard.Select(news => news.Task).Distinct().Count());
    }
}
