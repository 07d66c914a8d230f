using System.Net.Sockets;
using Fulcrum.Loops;

namespace Fulcrum.Proxy.Tests.Plane.Outcomes;

/// <summary>What both ends see, and what is counted, when something happens to a session that is open.</summary>
public sealed class OpenSessionTests
{
    // What happens when; what the client sees and what the backend sees.
    private static readonly (Phase, Cause, Ending Client, Ending Server)[] Rows =
    [
        (Phase.Idle, Cause.ClientEnds, Ending.Nothing, Ending.End),
        (Phase.Idle, Cause.BackendEnds, Ending.End, Ending.Nothing),
        (Phase.Idle, Cause.ClientResets, Ending.Nothing, Ending.Reset),
        (Phase.Idle, Cause.BackendResets, Ending.Reset, Ending.Nothing),
        (Phase.Idle, Cause.Silence, Ending.Reset, Ending.Reset),
        (Phase.ClientEnded, Cause.BackendEnds, Ending.End, Ending.Nothing),
        (Phase.ClientEnded, Cause.ClientResets, Ending.Nothing, Ending.Cut),
        (Phase.ClientEnded, Cause.BackendResets, Ending.Reset, Ending.Nothing),
        (Phase.ClientEnded, Cause.Silence, Ending.Reset, Ending.Cut),
        (Phase.BackendEnded, Cause.ClientEnds, Ending.Nothing, Ending.End),
        (Phase.BackendEnded, Cause.ClientResets, Ending.Nothing, Ending.Reset),
        (Phase.BackendEnded, Cause.BackendResets, Ending.Cut, Ending.Nothing),
        (Phase.BackendEnded, Cause.Silence, Ending.Cut, Ending.Reset),
        (Phase.Upload, Cause.ClientEnds, Ending.Nothing, Ending.End),
        (Phase.Upload, Cause.BackendEnds, Ending.End, Ending.Nothing),
        (Phase.Upload, Cause.ClientResets, Ending.Nothing, Ending.Reset),
        (Phase.Upload, Cause.BackendResets, Ending.Reset, Ending.Nothing),
        (Phase.Upload, Cause.Silence, Ending.Reset, Ending.Reset),
        (Phase.Download, Cause.ClientEnds, Ending.Nothing, Ending.End),
        (Phase.Download, Cause.BackendEnds, Ending.End, Ending.Nothing),
        (Phase.Download, Cause.ClientResets, Ending.Nothing, Ending.Reset),
        (Phase.Download, Cause.BackendResets, Ending.Reset, Ending.Nothing),
        (Phase.Download, Cause.Silence, Ending.Reset, Ending.Reset),
    ];

    // A Unix socket knows no reset: whoever is there sees the end.
    private static readonly (Phase, Cause, Ending Client, Ending Server)[] UnixRows =
    [
        (Phase.Idle, Cause.ClientEnds, Ending.Nothing, Ending.End),
        (Phase.Idle, Cause.BackendEnds, Ending.End, Ending.Nothing),
        (Phase.Idle, Cause.ClientResets, Ending.Nothing, Ending.End),
        (Phase.Idle, Cause.Silence, Ending.Reset, Ending.End),
        (Phase.ClientEnded, Cause.BackendEnds, Ending.End, Ending.Nothing),
        (Phase.BackendEnded, Cause.ClientEnds, Ending.Nothing, Ending.End),
        (Phase.Upload, Cause.ClientEnds, Ending.Nothing, Ending.End),
        (Phase.Upload, Cause.BackendEnds, Ending.End, Ending.Nothing),
        (Phase.Upload, Cause.BackendResets, Ending.Reset, Ending.Nothing),
        (Phase.Download, Cause.ClientEnds, Ending.Nothing, Ending.End),
        (Phase.Download, Cause.BackendEnds, Ending.End, Ending.Nothing),
    ];

    private static readonly Setting[] Settings =
    [
        Setting.Plain,
        Setting.Logged,
        Setting.Limited,
        Setting.Teed,
        Setting.Prefaced,
        Setting.Named,
        Setting.Unix,
        Setting.ClientEchoed,
        Setting.BackendEchoed,
        Setting.ClientDiscarded,
        Setting.BackendDiscarded,
    ];

    private static bool Keeps(Setting setting) =>
        setting
            is Setting.Plain
                or Setting.Logged
                or Setting.Limited
                or Setting.Prefaced
                or Setting.Named
                or Setting.Unix;

    private static bool CanSplice(Setting setting) => setting is Setting.Plain or Setting.Prefaced or Setting.Unix;

    /// <summary>All of them in all settings, and transfers without stages through buffers and through pipes.</summary>
    public static TheoryData<Setting, Phase, Cause, Ending, Ending, bool> Everything
    {
        get
        {
            var data = new TheoryData<Setting, Phase, Cause, Ending, Ending, bool>();
            foreach (var setting in Settings)
            {
                foreach (var (phase, cause, client, server) in setting == Setting.Unix ? UnixRows : Rows)
                {
                    var isTransfer = phase is Phase.Upload or Phase.Download;
                    if (isTransfer && !Keeps(setting))
                    {
                        // What becomes of the copy of a flood depends on how fast it is read; the others let none pass.
                        continue;
                    }
                    data.Add(setting, phase, cause, client, server, false);
                    if (isTransfer && CanSplice(setting))
                    {
                        data.Add(setting, phase, cause, client, server, true);
                    }
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public async Task Both_ends_see_what_they_should_and_all_is_counted(
        Setting setting,
        Phase phase,
        Cause cause,
        Ending atClient,
        Ending atServer,
        bool spliced
    )
    {
        var loop = new LoopOptions
        {
            MaxPipes = spliced ? 4 : 0,
            LargeRead = 1024,
            SpliceAfter = 1,
        };
        await using var scene = await Scene.OpenAsync(setting, loop);
        await EnterAsync(scene, phase);
        await HappenAsync(scene, cause);

        var received = scene.Server.AssertEndsAsync(atServer, scene.Uploaded);
        var answered = scene.Client.AssertEndsAsync(atClient, scene.Downloaded);
        await Task.WhenAll(received, answered);
        if (cause is Cause.ClientEnds or Cause.BackendEnds)
        {
            await FinishAsync(scene, phase, cause);
            await scene.AssertOverAsync(
                new()
                {
                    Total = 1,
                    BytesIn = scene.BytesIn + scene.Uploaded,
                    BytesOut = scene.BytesOut + scene.Downloaded,
                }
            );
            return;
        }
        await scene.Harness.UntilActiveAsync(0);
        // How much of a flood was on its way when it was cut off is the kernels' affair.
        var (bytesIn, bytesOut) = (scene.Harness.Counters.BytesIn, scene.Harness.Counters.BytesOut);
        Assert.InRange(bytesIn, scene.BytesIn + await received, scene.BytesIn + scene.Uploaded);
        Assert.InRange(bytesOut, scene.BytesOut + await answered, scene.BytesOut + scene.Downloaded);
        await scene.AssertOverAsync(
            new()
            {
                Total = 1,
                BytesIn = bytesIn,
                BytesOut = bytesOut,
                Resets = cause == Cause.Silence ? 0 : 1,
                IdleTimeouts = cause == Cause.Silence ? 1 : 0,
            }
        );
    }

    private static async Task EnterAsync(Scene scene, Phase phase)
    {
        switch (phase)
        {
            case Phase.ClientEnded:
                scene.Client.Shutdown(SocketShutdown.Send);
                await scene.Server.AssertEndsAsync(Ending.End);
                break;
            case Phase.BackendEnded:
                scene.Server.Shutdown(SocketShutdown.Send);
                await scene.Client.AssertEndsAsync(Ending.End);
                break;
            case Phase.Upload:
                await scene.FillAsync(scene.Client, isUpload: true);
                break;
            case Phase.Download:
                await scene.FillAsync(scene.Server, isUpload: false);
                break;
            default:
                break;
        }
        Assert.Equal(1, scene.Harness.Counters.Active);
    }

    private static async Task HappenAsync(Scene scene, Cause cause)
    {
        switch (cause)
        {
            case Cause.ClientEnds:
                scene.Client.Shutdown(SocketShutdown.Send);
                break;
            case Cause.BackendEnds:
                scene.Server.Shutdown(SocketShutdown.Send);
                break;
            case Cause.ClientResets:
                scene.Client.Abort();
                break;
            case Cause.BackendResets:
                scene.Server.Abort();
                break;
            default:
                await scene.Harness.AdvanceAsync(Scene.IdleTimeout - TimeSpan.FromMilliseconds(1));
                Assert.Equal(1, scene.Harness.Counters.Active);
                await scene.Harness.AdvanceAsync(TimeSpan.FromMilliseconds(1));
                break;
        }
    }

    /// <summary>The other end says what it has to say, and ends too.</summary>
    private static async Task FinishAsync(Scene scene, Phase phase, Cause cause)
    {
        if (phase is Phase.ClientEnded or Phase.BackendEnded)
        {
            return;
        }
        Assert.Equal(1, scene.Harness.Counters.Active);
        var (last, other, sent) =
            cause == Cause.ClientEnds
                ? (scene.Server, scene.Client, scene.Downloaded)
                : (scene.Client, scene.Server, scene.Uploaded);
        last.Shutdown(SocketShutdown.Send);
        await other.AssertEndsAsync(Ending.End, sent);
    }
}
