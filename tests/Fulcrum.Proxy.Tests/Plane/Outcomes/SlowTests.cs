using System.Net.Sockets;

namespace Fulcrum.Proxy.Tests.Plane.Outcomes;

/// <summary>Who is slow is not silent.</summary>
public sealed class SlowTests
{
    private const int Words = 5;

    [Theory]
    [InlineData(Setting.Plain)]
    [InlineData(Setting.Unix)]
    [InlineData(Setting.Logged)]
    [InlineData(Setting.Limited)]
    [InlineData(Setting.Teed)]
    [InlineData(Setting.Prefaced)]
    [InlineData(Setting.Named)]
    public async Task A_slow_writer_on_either_side_loses_nothing_and_is_not_taken_for_idle(Setting setting)
    {
        await using var scene = await Scene.OpenAsync(setting);
        foreach (var (from, to) in new[] { (scene.Client, scene.Server), (scene.Server, scene.Client) })
        {
            for (var word = 0; word < Words; word++)
            {
                await scene.Harness.AdvanceAsync(Scene.IdleTimeout - TimeSpan.FromMilliseconds(1));
                await from.SendAllAsync(new[] { (byte)word });
                Assert.Equal([(byte)word], await to.ReceiveExactlyAsync(1));
                await scene.Harness.SyncAsync();
            }
        }
        scene.Client.Shutdown(SocketShutdown.Send);
        await scene.Server.AssertEndAsync();
        scene.Server.Shutdown(SocketShutdown.Send);
        await scene.Client.AssertEndAsync();
        await scene.AssertOverAsync(
            new()
            {
                Total = 1,
                BytesIn = scene.BytesIn + Words,
                BytesOut = scene.BytesOut + Words,
            }
        );
    }
}
