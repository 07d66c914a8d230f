using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.TestKit.Peers;

/// <summary>
/// The built program, run as <c>dotnet fulcrum.dll run FILE --state DIR</c>. It is ready when it says so the way it
/// says it to a service manager: <c>READY=1</c> on <c>NOTIFY_SOCKET</c> (sd_notify(3)).
/// </summary>
public sealed class Daemon : Peer
{
    private const int KillSignal = 9;
    private const int UpgradeSignal = 12;
    private const string MainProcess = "MAINPID=";

    private readonly Socket _notify = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly Func<Daemon, Task<bool>>? _ready;
    private bool _saidReady;
    private int? _successor;

    private Daemon(NetworkNamespace? home, Func<Daemon, Task<bool>>? ready)
        : base("fulcrum", home)
    {
        _ready = ready;
        _notify.Bind(new UnixDomainSocketEndPoint(Folder.PathOf("notify")));
        _notify.Blocking = false;
    }

    /// <summary>The configuration file; write a new text and tell the daemon, to test a reload.</summary>
    public string File => Folder.PathOf("fulcrum.yaml");

    /// <summary>The state directory, with the API's Unix socket <c>fulcrum.sock</c>.</summary>
    public string StateDirectory => Folder.PathOf("state");

    /// <summary>Starts the daemon on a configuration text, and waits until it is ready.</summary>
    /// <param name="home">The namespace to run in; null: where the test runs.</param>
    /// <param name="configuration">The text of the file.</param>
    /// <param name="ready">Asked instead of waiting for <c>READY=1</c>.</param>
    /// <param name="arguments">Further arguments: <c>--node lb1</c>.</param>
    public static async Task<Daemon> Start(
        NetworkNamespace? home,
        string configuration,
        Func<Daemon, Task<bool>>? ready = null,
        params string[] arguments
    )
    {
        var daemon = new Daemon(home, ready);
        daemon.Folder.Write("fulcrum.yaml", configuration);
        Directory.CreateDirectory(daemon.StateDirectory);
        await daemon.Run(arguments);
        return daemon;
    }

    /// <summary>Starts it again on its file and its state directory, after it has ended.</summary>
    public Task Run(params string[] arguments)
    {
        // What the one before said of its reloads is not this one's.
        Hear();
        _saidReady = false;
        return StartAsync(
            Dotnet(),
            [Program(), "run", File, "--state", StateDirectory, .. arguments],
            new Dictionary<string, string> { ["NOTIFY_SOCKET"] = Folder.PathOf("notify") }
        );
    }

    /// <summary>Lets the program take over from itself, and waits until the new process serves. It ends with this one.</summary>
    public async Task Upgrade()
    {
        Hear();
        (_saidReady, _successor) = (false, null);
        Signal(UpgradeSignal);
        await Wait.Until(
            () =>
            {
                Hear();
                return _saidReady && _successor is not null;
            },
            "the upgraded process to be ready"
        );
    }

    /// <summary>Speaks to its API; the caller disposes it.</summary>
    public HttpClient Api() =>
        new(
            new SocketsHttpHandler
            {
                UseProxy = false,
                ConnectCallback = async (_, cancellation) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    var path = Path.Combine(StateDirectory, "fulcrum.sock");
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            }
        )
        {
            BaseAddress = new("http://fulcrum"),
        };

    /// <summary>Runs the command line against this daemon, with its state directory, in its namespace.</summary>
    public (int ExitCode, string Output, string Errors) Command(params string[] arguments)
    {
        string[] all = [Program(), .. arguments, "--state", StateDirectory];
        return Home is null ? Tool.Try(Dotnet(), "", all) : Home.Run(() => Tool.Try(Dotnet(), "", all));
    }

    public override async ValueTask DisposeAsync()
    {
        // It holds the first one's output open.
        if (_successor is { } successor)
        {
            Signal(successor, KillSignal);
        }

        _notify.Dispose();
        await base.DisposeAsync();
        ProgramPins.Remove(StateDirectory);
    }

    protected override Task<bool> IsReady()
    {
        if (_ready is not null)
        {
            return _ready(this);
        }

        Hear();
        return Task.FromResult(_saidReady);
    }

    private void Hear()
    {
        while (_notify.Available > 0)
        {
            var message = new byte[4096];
            foreach (var line in Encoding.UTF8.GetString(message, 0, _notify.Receive(message)).Split('\n'))
            {
                _saidReady |= line == "READY=1";
                if (line.StartsWith(MainProcess, StringComparison.Ordinal))
                {
                    _successor = int.Parse(line[MainProcess.Length..], CultureInfo.InvariantCulture);
                }
            }
        }
    }

    private static string Program() => Repository.BuiltAssembly("Fulcrum", "fulcrum");

    /// <summary>The host that runs this test runs the program, too.</summary>
    private static string Dotnet() =>
        Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path : Require.Tool("dotnet");
}
