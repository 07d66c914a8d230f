using Fulcrum.TestKit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests.Packaging;

/// <summary>The built program under whoever runs it for us, who is told all that a service manager is told.</summary>
internal sealed class ManagedDaemon : Peer
{
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
                FulcrumProgram.Assembly,
                "run",
                daemon.Folder.PathOf("fulcrum.yaml"),
                "--state",
                daemon.StateDirectory,
            ]
        );
        return daemon;
    }

    /// <summary>Another content of its file.</summary>
    public void Write(string configuration) => Folder.Write("fulcrum.yaml", configuration);

    public string PathOf(string name) => Folder.PathOf(name);

    /// <summary>Runs the command line against it.</summary>
    public (int ExitCode, string Output, string Errors) Command(params string[] arguments) =>
        FulcrumProgram.Run([.. arguments, "--state", StateDirectory]);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Notify.Dispose();
    }

    protected override Task<bool> IsReady() => Task.FromResult(_ready(this));
}
