using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Namespace.Tests.Decapsulating;

/// <summary><c>fulcrum decap</c>, ready when it has told a service manager so.</summary>
internal sealed class DecapProcess : Peer
{
    private readonly NotifySocket _manager;

    private DecapProcess(NetworkNamespace home)
        : base("fulcrum decap", home) => _manager = new(Folder.PathOf("notify"));

    public static async Task<DecapProcess> StartAsync(NetworkNamespace home, params string[] arguments)
    {
        var process = new DecapProcess(home);
        await process.StartAsync(
            Require.Tool("dotnet"),
            [Repository.BuiltAssembly("Fulcrum", "fulcrum"), "decap", .. arguments],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["NOTIFY_SOCKET"] = process._manager.Name }
        );
        return process;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _manager.Dispose();
    }

    protected override Task<bool> IsReady() => Task.FromResult(_manager.Heard("READY=1"));
}
