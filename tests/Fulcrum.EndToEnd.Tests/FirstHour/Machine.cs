using System.Globalization;
using Fulcrum.EndToEnd.Tests.Packaging;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.EndToEnd.Tests.FirstHour;

/// <summary>
/// The reader's machine: a clean Debian in a network of its own. There is no systemd in it, whose first process it would
/// have to be; what the page asks of systemd is done here, as the unit says.
/// </summary>
internal sealed class Machine : IAsyncDisposable
{
    private const int HangUp = 1;

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private readonly NetworkNamespace _home = NetworkNamespace.Create("hour");
    private readonly CleanRoot _root;
    private readonly Dictionary<string, Terminal> _terminals = new(StringComparer.Ordinal);
    private InstalledDaemon? _daemon;

    private Machine(CleanRoot root) => _root = root;

    /// <summary>One with the package in root's home, not installed.</summary>
    public static async Task<Machine> CreateAsync()
    {
        var package = await DebianPackage.Path;
        var machine = new Machine(await CleanRoot.CreateAsync(RootImage.WithTools));
        File.Copy(package, Path.Join(machine._root.PathOf("/root"), Path.GetFileName(package)));
        return machine;
    }

    public Task WriteAsync(FileBlock file) => File.WriteAllTextAsync(_root.PathOf(file.Path), file.Text + '\n');

    /// <summary>Runs a command to its end and returns all that it said.</summary>
    public async Task<string> RunAsync(string command)
    {
        switch (command.Split(' '))
        {
            case ["systemctl", "is-active", "fulcrum"]:
                // systemd would have started it when it was installed.
                _daemon ??= await InstalledDaemon.StartAsync(_root, _home);
                return "active\n";
            case ["systemctl", "reload", "fulcrum"]:
                Daemon().Signal(HangUp);
                return "";
            case ["systemctl", "stop", "fulcrum"]:
                Assert.Equal(0, await Daemon().Stop());
                return "";
            case ["journalctl", "-u", "fulcrum", "-o", "cat", "-n", var count]:
                return Daemon().Log.Tail(int.Parse(count, CultureInfo.InvariantCulture));
        }

        var inside = _root.ArgumentsOf("env", "HOME=/root", "bash", "-c", $"cd; exec 2>&1; {command}");
        string[] arguments = ["netns", "exec", _home.Name, Require.Tool("unshare"), .. inside];
        return (await Tool.TryAsync(Bound, "ip", arguments)).Output;
    }

    public async Task StartAsync(CommandBlock block)
    {
        if (_terminals.Remove(block.Terminal, out var before))
        {
            Assert.True(before.HasExited, $"docs/first-hour.md:{block.Line}: the terminal is not free");
            await before.DisposeAsync();
        }

        _terminals[block.Terminal] = await Terminal.StartAsync(_root, _home, block);
        await SaysAsync(new(block.Line, block.Terminal, block.Output));
    }

    public Task SaysAsync(OutputBlock block) => _terminals[block.Terminal].SaysAsync(block.Output, block.Line);

    public async ValueTask DisposeAsync()
    {
        foreach (var terminal in _terminals.Values)
        {
            await terminal.DisposeAsync();
        }

        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }

        _home.Dispose();
        _root.Dispose();
    }

    private InstalledDaemon Daemon() => _daemon ?? throw new InvalidOperationException("The service was not started.");
}
