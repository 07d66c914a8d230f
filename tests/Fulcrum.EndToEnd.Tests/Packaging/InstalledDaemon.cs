using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests.Packaging;

/// <summary>
/// The installed program in a clean root, as its unit would run it: its command, user, capabilities and environment.
/// What seccomp and mounts forbid is not tried here, for that needs systemd as the first process.
/// </summary>
internal sealed class InstalledDaemon : Peer
{
    private readonly NotifySocket _notify;

    private InstalledDaemon(CleanRoot root, NetworkNamespace home)
        : base("fulcrum.service", home)
    {
        const string Everybody = "/run/notify";
        _notify = new(root.PathOf(Everybody));
        File.SetUnixFileMode(root.PathOf(Everybody), (UnixFileMode)0b110_110_110);
    }

    public NotifySocket Notify => _notify;

    public static async Task<InstalledDaemon> StartAsync(CleanRoot root, NetworkNamespace home)
    {
        var daemon = new InstalledDaemon(root, home);
        var unit = UnitFile.Service;
        var bounds = Capabilities(unit, "CapabilityBoundingSet");
        var given = Capabilities(unit, "AmbientCapabilities");
        await daemon.StartAsync(
            Require.Tool("unshare"),
            root.ArgumentsOf([
                "setpriv",
                $"--reuid={unit["User"]}",
                $"--regid={unit["Group"]}",
                "--clear-groups",
                $"--bounding-set={bounds}",
                $"--inh-caps={given}",
                $"--ambient-caps={given}",
                "--no-new-privs",
                "env",
                .. unit.LinesOf("Environment"),
                "NOTIFY_SOCKET=/run/notify",
                .. unit["ExecStart"].Split(' '),
            ])
        );
        return daemon;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _notify.Dispose();
    }

    protected override Task<bool> IsReady() => Task.FromResult(_notify.Heard("READY=1"));

    // setpriv's words: none, but these.
    private static string Capabilities(UnitFile unit, string setting) =>
        string.Join(
            ',',
            unit.ListOf(setting).Select(name => $"+{name["CAP_".Length..].ToLowerInvariant()}").Prepend("-all")
        );
}
