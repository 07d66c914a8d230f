using System.Net.Sockets;
using Fulcrum.Loops;

namespace Fulcrum.Proxy.Tests.Plane.Outcomes;

/// <summary>Sessions in which what one side sends does not reach the other: it goes back, or nowhere.</summary>
public sealed class TurningTests
{
    [Theory]
    [InlineData(Setting.ClientEchoed)]
    [InlineData(Setting.BackendEchoed)]
    [InlineData(Setting.ClientDiscarded)]
    [InlineData(Setting.BackendDiscarded)]
    public async Task What_a_stage_takes_keeps_the_session_alive(Setting setting)
    {
        await using var scene = await Scene.OpenAsync(setting);
        var sender = setting is Setting.ClientEchoed or Setting.ClientDiscarded ? scene.Client : scene.Server;
        for (var round = 0; round < 3; round++)
        {
            await scene.Harness.AdvanceAsync(Scene.IdleTimeout - TimeSpan.FromMilliseconds(1));
            await sender.SendAllAsync("x"u8.ToArray());
            await scene.Harness.SyncAsync();
        }
        Assert.Equal(1, scene.Harness.Counters.Active);
        await scene.Harness.AdvanceAsync(Scene.IdleTimeout);
        await scene.AssertOverAsync(
            new()
            {
                Total = 1,
                IdleTimeouts = 1,
                BytesIn = scene.BytesIn + (setting == Setting.BackendEchoed ? 3 : 0),
                BytesOut = scene.BytesOut + (setting == Setting.ClientEchoed ? 3 : 0),
            }
        );
    }

    [Theory]
    [InlineData(Setting.ClientEchoed)]
    [InlineData(Setting.BackendEchoed)]
    public async Task An_echo_to_who_was_told_the_end_goes_nowhere_and_breaks_nothing(Setting setting)
    {
        await using var scene = await Scene.OpenAsync(setting);
        var (echoed, other) =
            setting == Setting.ClientEchoed ? (scene.Client, scene.Server) : (scene.Server, scene.Client);
        other.Shutdown(SocketShutdown.Send);
        await echoed.AssertEndAsync();
        await echoed.SendAllAsync("nobody wants this back"u8.ToArray());
        await scene.Harness.SyncAsync();
        Assert.Equal(1, scene.Harness.Counters.Active);
        echoed.Shutdown(SocketShutdown.Send);
        await other.AssertEndAsync();
        await scene.AssertOverAsync(
            new()
            {
                Total = 1,
                BytesIn = scene.BytesIn,
                BytesOut = scene.BytesOut,
            }
        );
    }

    [Theory]
    [InlineData(Cause.ClientEnds)]
    [InlineData(Cause.ClientResets)]
    [InlineData(Cause.Silence)]
    public async Task An_echo_that_its_sender_does_not_read_costs_one_buffer(Cause cause)
    {
        await using var scene = await Scene.OpenAsync(Setting.ClientEchoed, new LoopOptions { MaxPipes = 0 });
        await scene.FillAsync(scene.Client, isUpload: true);
        Assert.Equal(1, await scene.KeptAsync());
        switch (cause)
        {
            case Cause.ClientEnds:
                scene.Client.Shutdown(SocketShutdown.Send);
                var reading = scene.Client.AssertEndsAsync(Ending.End, scene.Uploaded);
                await scene.Server.AssertEndAsync();
                scene.Server.Shutdown(SocketShutdown.Send);
                await reading;
                break;
            case Cause.ClientResets:
                scene.Client.Abort();
                await scene.Server.AssertEndsAsync(Ending.Reset);
                break;
            default:
                await scene.Harness.AdvanceAsync(Scene.IdleTimeout);
                await scene.Client.AssertEndsAsync(Ending.Reset, scene.Uploaded);
                await scene.Server.AssertEndsAsync(Ending.Reset);
                break;
        }
        await scene.Harness.UntilActiveAsync(0);
        var returned = scene.Harness.Counters.BytesOut;
        Assert.InRange(
            returned,
            scene.BytesOut + (cause == Cause.ClientEnds ? scene.Uploaded : 0),
            scene.BytesOut + scene.Uploaded
        );
        await scene.AssertOverAsync(
            new()
            {
                Total = 1,
                BytesOut = returned,
                Resets = cause == Cause.ClientResets ? 1 : 0,
                IdleTimeouts = cause == Cause.Silence ? 1 : 0,
            }
        );
    }
}
