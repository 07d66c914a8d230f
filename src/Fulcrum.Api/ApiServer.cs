using System.Net.Sockets;
using Fulcrum.Api.Changes;
using Fulcrum.Api.Checks;
using Fulcrum.Api.Explaining;
using Fulcrum.Api.Metrics;
using Fulcrum.Api.Overrides;
using Fulcrum.Api.Problems;
using Fulcrum.Api.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
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

    private ApiServer(WebApplication app) => _app = app;

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
                kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024;
                kestrel.ListenUnixSocket(socket);
            });
        var app = builder.Build();
        Interruptions.Map(app);
        app.MapGet("/api/v1/status", context => WriteStatusAsync(context, node));
        OverrideEndpoints.Map(app, node.Engine, node.Time);
        ChangeEndpoints.Map(app, node);
        QuestionEndpoints.Map(app, node.Engine);
        CheckEndpoints.Map(app, node);
        MetricsEndpoint.Map(app, node);
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

        return new(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(Patience);
        await _app.DisposeAsync();
    }

    private static Task WriteStatusAsync(HttpContext context, NodeContext node) =>
        context.OkAsync(StatusBuilder.Build(node.Identity, node.Engine), ApiJson.Default.StatusDocument);
}
