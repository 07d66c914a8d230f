using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Checks;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.Interop.Tests;

/// <summary>
/// A peer in a network of its own, which the tests of a class share. The first that asks starts it: what the machine
/// lacks skips the tests.
/// </summary>
public abstract class Shared<TPeer> : IAsyncDisposable
    where TPeer : IAsyncDisposable
{
    private readonly Lazy<Task<(NetworkNamespace Home, TPeer Peer)>> _started;

    protected Shared() => _started = new(Begin);

    /// <summary>Files that are to outlive the peer.</summary>
    protected TemporaryDirectory Folder { get; } = new();

    internal async Task<NetworkNamespace> Home() => (await _started.Value).Home;

    internal async Task<TPeer> Peer() => (await _started.Value).Peer;

    /// <summary>Asks at a port of 127.0.0.1.</summary>
    internal async Task<Finding> Ask(ProbeSpec probe, int port, Func<ProbeTask, ProbeTask>? change = null)
    {
        var home = await Home();
        var task = Inquiry.TaskFor(probe, IPAddress.Loopback, port);
        return await Inquiry.Verdict(change?.Invoke(task) ?? task, home);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_started is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            var (home, peer) = await _started.Value;
            await peer.DisposeAsync();
            home.Dispose();
        }

        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Waits for all ports of a peer that opens them one after the other.</summary>
    protected static async Task Open(NetworkNamespace home, params int[] ports)
    {
        foreach (var port in ports)
        {
            await Wait.Until(() => Ports.Accepts(home, new(IPAddress.Loopback, port)), $"port {port} to open");
        }
    }

    protected abstract Task<TPeer> Start(NetworkNamespace home);

    private async Task<(NetworkNamespace Home, TPeer Peer)> Begin()
    {
        var home = NetworkNamespace.Create("interop");
        try
        {
            return (home, await Start(home));
        }
        catch
        {
            home.Dispose();
            throw;
        }
    }
}
