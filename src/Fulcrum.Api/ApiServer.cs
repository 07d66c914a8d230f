using Fulcrum.Api.Access;
using Fulcrum.Api.Access.Audit;
using Fulcrum.Api.Access.Limits;
using Fulcrum.Api.Access.Tokens;
using Fulcrum.Api.Listening;
using Fulcrum.Model;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Api;

/// <summary>
/// The control API: on a Unix socket in the state directory, and where the configuration says beside that. Kestrel
/// carries it; it shares nothing with the planes but the engine's immutable state.
/// </summary>
public sealed class ApiServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ApiHost _socket;
    private readonly ApiListeners _listeners;
    private readonly AuditTrail _audit;
    private readonly NodeContext _node;
    private readonly ApiSockets _sockets;
    private Task _following = Task.CompletedTask;

    private ApiServer(ApiHost socket, ApiListeners listeners, AuditTrail audit, NodeContext node, ApiSockets sockets) =>
        (_socket, _listeners, _audit, _node, _sockets) = (socket, listeners, audit, node, sockets);

    /// <summary>Where it listens beside the socket, with the ports that it really has.</summary>
    internal IEnumerable<string> Addresses => _listeners.Addresses;

    /// <summary>Listens; throws <see cref="IOException"/> when a place cannot be had, or a file that it needs.</summary>
    /// <param name="sockets">Those that are there already, and those that it opens; its own to dispose.</param>
    public static async Task<ApiServer> StartAsync(
        string socket,
        NodeContext node,
        ILoggerFactory logs,
        CancellationToken cancellation,
        ApiSockets? sockets = null
    )
    {
        ApiSettings Settings() => node.Engine.State.Inputs.Snapshot.Api;
        var tokens = new TokenStore();
        var auditLog = logs.CreateLogger("audit");
        var file = node.AuditFile is { } path ? new AuditFile(path, node.Time, auditLog) : null;
        var audit = new AuditTrail(node.Time, auditLog, file);
        var gate = new AccessGate(new(tokens, node.Time), new RateLimiter(node.Time), Settings);
        var troubles = new ApiTroubles();
        // Copies share the streams.
        _ = node.EventStreams;
        sockets ??= new();
        var parts = new ApiParts(node with { Troubles = troubles }, gate, audit, sockets, logs);
        var tls = new TlsFollower();
        var listeners = new ApiListeners(parts, tls);
        var follower = new ApiFollower(
            Settings,
            new(sockets.IsManaged ? null : socket),
            tokens,
            tls,
            listeners,
            troubles,
            logs.CreateLogger("fulcrum")
        );
        ApiHost? host = null;
        try
        {
            host = await OpenAsync(parts, socket, cancellation);
            await follower.FollowAsync(cancellation);
            if (troubles.All.FirstOrDefault(trouble => trouble.IsFatal) is { } fatal)
            {
                throw new IOException($"{fatal.Name}: {fatal.Reason}");
            }
        }
        catch
        {
            await listeners.DisposeAsync();
            if (host is not null)
            {
                await host.DisposeAsync();
            }

            sockets.Dispose();
            await audit.DisposeAsync();
            throw;
        }

        sockets.CloseUnclaimed();
        var server = new ApiServer(host, listeners, audit, node, sockets);
        server._following = follower.RunAsync(node.Time, server._stop.Token);
        return server;
    }

    private static async Task<ApiHost> OpenAsync(ApiParts parts, string socket, CancellationToken cancellation)
    {
        try
        {
            return await ApiHost.StartAsync(
                parts,
                Door.Socket,
                kestrel => kestrel.ListenUnixSocket(socket, LocalPeer.Use),
                cancellation
            );
        }
        catch (IOException error)
        {
            throw new IOException($"{socket}: {error.Message}", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _listeners.DisposeAsync();
        await _socket.DisposeAsync();
        _sockets.Dispose();
        await _audit.DisposeAsync();
        _node.Dispose();
        _stop.Dispose();
    }
}
