using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Namespace.Tests;

/// <summary>The built program without any capability: files of its user are its own, ports below 1024 are not.</summary>
internal sealed class PowerlessDaemon : Peer
{
    private Func<LogCapture, bool> _ready = _ => false;

    public PowerlessDaemon(NetworkNamespace home, string configuration)
        : base("fulcrum without capabilities", home) => Folder.Write("fulcrum.yaml", configuration);

    /// <param name="runner">What stands before it on its command line.</param>
    /// <param name="ready">Whether it is, by what it has printed.</param>
    public Task RunAsync(string[] runner, Func<LogCapture, bool> ready)
    {
        _ready = log => log.Lines.Count > 0 && ready(log);
        string[] all =
        [
            .. runner,
            Require.Tool("setpriv"),
            "--inh-caps=-all",
            "--ambient-caps=-all",
            "--bounding-set=-all",
            "--no-new-privs",
            Require.Tool("dotnet"),
            Repository.BuiltAssembly("Fulcrum", "fulcrum"),
            "run",
            Folder.PathOf("fulcrum.yaml"),
            "--state",
            Folder.PathOf("state"),
        ];
        return StartAsync(all[0], all[1..]);
    }

    protected override Task<bool> IsReady() => Task.FromResult(_ready(Log));
}
