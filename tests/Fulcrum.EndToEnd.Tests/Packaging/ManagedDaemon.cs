using System.Globalization;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests.Packaging;

/// <summary>The built program under whoever runs it for us, who is told all that a service manager is told.</summary>
internal sealed class ManagedDaemon : Peer
{
    private const int KillSignal = 9;
    private const int TerminateSignal = 15;
    private const string MainProcess = "MAINPID=";

    private readonly Func<ManagedDaemon, bool> _ready;

    private ManagedDaemon(Func<ManagedDaemon, bool> ready)
        : base("fulcrum", null)
    {
        _ready = ready;
        Notify = new(Folder.PathOf("notify"));
        StateDirectory = Folder.PathOf("state");
        Directory.CreateDirectory(StateDirectory);
    }

    public NotifySocket Notify { get; }

    public string StateDirectory { get; }

    /// <summary>Which process is the service: the one that was started, or the last that has taken its place.</summary>
    public int MainPid =>
        Notify
            .Messages.SelectMany(message => message.Split('\n'))
            .Where(line => line.StartsWith(MainProcess, StringComparison.Ordinal))
            .Select(line => int.Parse(line[MainProcess.Length..], CultureInfo.InvariantCulture))
            .LastOrDefault(Pid);

    public string Socket => Path.Combine(StateDirectory, "fulcrum.sock");

    /// <param name="configuration">The text of the file.</param>
    /// <param name="runner">What stands before the program on its command line: strace and its arguments.</param>
    /// <param name="ready">When it is; null: when it says so.</param>
    /// <param name="environment">More variables.</param>
    public static async Task<ManagedDaemon> StartAsync(
        string configuration,
        Func<ManagedDaemon, string[]> runner,
        Func<ManagedDaemon, bool>? ready = null,
        params (string Name, string Value)[] environment
    ) => await StartAsync(FulcrumProgram.Assembly, configuration, runner, ready, environment);

    /// <param name="program">The assembly that is run.</param>
    /// <inheritdoc cref="StartAsync(string, Func{ManagedDaemon, string[]}, Func{ManagedDaemon, bool}?, ValueTuple{string, string}[])"/>
    public static async Task<ManagedDaemon> StartAsync(
        string program,
        string configuration,
        Func<ManagedDaemon, string[]> runner,
        Func<ManagedDaemon, bool>? ready,
        params (string Name, string Value)[] environment
    )
    {
        var daemon = new ManagedDaemon(ready ?? (self => self.Notify.Heard("READY=1")));
        daemon.Write(configuration);
        await daemon.StartAsync(
            Require.Tool("env"),
            [
                $"NOTIFY_SOCKET={daemon.Notify.Name}",
                .. environment.Select(variable => $"{variable.Name}={variable.Value}"),
                .. runner(daemon),
                Require.Tool("dotnet"),
                program,
                "run",
                daemon.Folder.PathOf("fulcrum.yaml"),
                "--state",
                daemon.StateDirectory,
            ]
        );
        return daemon;
    }

    /// <summary>Sends a signal to <see cref="MainPid"/>.</summary>
    public bool SignalMain(int signal) => Signal(MainPid, signal);

    /// <summary>Lets the program take over from itself; ends the process that then serves.</summary>
    public void UpgradeAndStop()
    {
        var (code, output, errors) = Command("upgrade");
        Assert.True(code == 0, errors);
        // Upgraded: process N serves, fulcrum VERSION.
        Assert.True(Signal(int.Parse(output.Split(' ')[2], CultureInfo.InvariantCulture), TerminateSignal));
    }

    /// <summary>How often it has said that it is ready: at its start, after reloads, and after upgrades by the new process.</summary>
    public int TimesReady() =>
        Notify.Messages.Count(message => message.StartsWith("READY=1\nSTATUS=", StringComparison.Ordinal));

    /// <summary>Another content of its file.</summary>
    public void Write(string configuration) => Folder.Write("fulcrum.yaml", configuration);

    public string PathOf(string name) => Folder.PathOf(name);

    /// <summary>Runs the command line against it.</summary>
    public (int ExitCode, string Output, string Errors) Command(params string[] arguments) =>
        FulcrumProgram.Run([.. arguments, "--state", StateDirectory]);

    public override async ValueTask DisposeAsync()
    {
        // Those that took its place hold its output open. Nobody else has this state directory on its command line.
        foreach (var process in Successors())
        {
            _ = Signal(process, KillSignal);
        }

        await base.DisposeAsync();
        Notify.Dispose();
    }

    private IEnumerable<int> Successors()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && process != Pid
                && CommandLineOf(folder).Contains($"run\0{PathOf("fulcrum.yaml")}\0", StringComparison.Ordinal)
            )
            {
                yield return process;
            }
        }
    }

    private static string CommandLineOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return "";
        }
    }

    protected override Task<bool> IsReady() => Task.FromResult(_ready(this));
}
