using Fulcrum.Kernel.Tests.Kit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Kernel.Tests.Daemons;

/// <summary>What an operator made by ipvsadm beside ours is as it was at each step of a daemon's life.</summary>
public sealed class ForeignEntriesTests : IAsyncDisposable
{
    private const int HangUp = 1;

    private static readonly string[] Foreign =
    [
        "-A -t 192.0.2.80:99 -s wlc -p 77",
        "-a -t 192.0.2.80:99 -r 10.0.2.98:99 -m -w 7",
        "-a -t 192.0.2.80:99 -r 10.0.2.99:99 -g -w 0",
        "-A -f 17 -s sh",
        "-a -f 17 -r 10.0.2.99:0 -g -w 3",
    ];

    private readonly Lab _lab = new();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task They_stay_at_start_reload_and_stop_and_keep_their_place()
    {
        var behind = _lab.AddServerBehind("behind");
        _lab.Witness.Restore(Foreign);
        var before = new ServiceFile();
        before.Add("web", isSix: false, 80, "forward: nat", 8080, [behind], "-m -w 1");
        before.Add("gone", isSix: true, 81, "forward: nat", 8080, [behind], "-m -w 1");
        await using var daemon = await Daemon.Start(_lab.Director.Namespace, Text(before));
        await _lab.Witness.Sees([.. Foreign, .. before.Expected]);

        // In a service of ours a server of theirs has no place.
        _lab.Witness.Change("-a", "-t", $"{Lab.Vip}:80", "-r", "10.0.2.99:80", "-m");
        await _lab.Witness.Sees([.. Foreign, .. before.Expected]);

        // Theirs is in the way of the second: all stays as it is.
        var inTheWay = new ServiceFile();
        inTheWay.Add("web", isSix: false, 80, "forward: nat", 8082, [behind], "-m -w 1");
        inTheWay.Add("taken", isSix: false, 99, "forward: nat", 8080, [behind], "-m -w 1");
        Reload(daemon, inTheWay);
        await daemon.WaitForLog("the kernel's table has tcp 192.0.2.80:99 already, and somebody else made it");
        Assert.True(daemon.Log.Contains("services.taken4.listen"));
        Assert.Equal(Sorted([.. Foreign, .. before.Expected]), _lab.Witness.Saved());

        var after = new ServiceFile();
        after.Add("web", isSix: false, 80, "forward: nat", 8081, [behind], "-m -w 1");
        after.Add("new", isSix: false, 98, "forward: dsr", 98, [behind], "-g -w 1");
        Reload(daemon, after);
        await _lab.Witness.Sees([.. Foreign, .. after.Expected]);

        Assert.Equal(0, await daemon.Stop());
        Assert.Equal(Sorted(Foreign), _lab.Witness.Saved());
    }

    private static void Reload(Daemon daemon, ServiceFile file)
    {
        File.WriteAllText(daemon.File, Text(file));
        daemon.Signal(HangUp);
    }

    // Nobody is to be waited for.
    private static string Text(ServiceFile file) => $"defaults: {{ sessions: {{ drain: 1s }} }}\n{file}";

    private static IEnumerable<string> Sorted(IEnumerable<string> lines) => lines.Order(StringComparer.Ordinal);
}
