using System.Net.Sockets;
using Fulcrum.Api.Access;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fulcrum.Api;

/// <summary>
/// The control API on a Unix socket in the state directory: who may open the socket may ask. Kestrel carries it;
/// it shares nothing with the planes but the engine's immutable state.
/// </summary>
public sealed class ApiServer : IAsyncDisposable
{
    /// <summary>Only the user that runs the daemon, and root.</summary>
    private const UnixFileMode SocketMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>For answers under way when the node stops.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;

    private readonly NodeContext _node;

    private ApiServer(WebApplication app, NodeContext node) => (_app, _node) = (app, node);

    /// <summary>Listens; throws <see cref="IOException"/> when the socket cannot be had.</summary>
    public static async Task<ApiServer> StartAsync(
        string socket,
        NodeContext node,
        ILoggerFactory logs,
        CancellationToken cancellation
    )
    {
        // An empty builder: the others read and watch files around the working directory.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(logs);
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = Body.Large;
                kestrel.ListenUnixSocket(socket);
            });
        var app = builder.Build();
        Interruptions.Use(app, logs.CreateLogger("api"));
        app.UseRouting();
        AccessGate.Use(app);
        OperationGate.Use(app);
        OperationTable.Map(app, node);
        try
        {
            await app.StartAsync(cancellation);
            File.SetUnixFileMode(socket, SocketMode);
        }
        catch (SocketException error)
        {
            await app.DisposeAsync();
            throw new IOException(error.Message, error);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new(app, node);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(Patience);
        await _app.DisposeAsync();
        _node.Dispose();
    }
}
