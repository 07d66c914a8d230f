using System.Net.Sockets;
using Fulcrum.Api.Access;
using Fulcrum.Api.Events;
using Fulcrum.Api.Metrics;
using Fulcrum.Api.Operations;
using Fulcrum.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Fulcrum.Api.Listening;

/// <summary>
/// The API at one place. Each place has its own server, so that it comes and goes without the others, and strangers
/// who take all connections of one leave the Unix socket to root.
/// </summary>
internal sealed class ApiHost : IAsyncDisposable
{
    /// <summary>For answers under way when the place goes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;

    private ApiHost(WebApplication app)
    {
        _app = app;
        Addresses =
        [
            .. app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [],
        ];
    }

    /// <summary>Where it really listens.</summary>
    public IReadOnlyList<string> Addresses { get; }

    /// <summary>Listens.</summary>
    /// <exception cref="IOException">The place cannot be had.</exception>
    public static async Task<ApiHost> StartAsync(
        ApiParts parts,
        Door door,
        Action<KestrelServerOptions> listen,
        CancellationToken cancellation
    )
    {
        // An empty builder: the others read and watch files around the working directory.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(parts.Logs);
        builder
            .WebHost.UseKestrelCore()
            .UseSockets(sockets => sockets.CreateBoundListenSocket = parts.Sockets.Open)
            .ConfigureKestrel(kestrel =>
            {
                Limit(kestrel, door);
                listen(kestrel);
            });
        var app = builder.Build();
        parts.Audit.Use(app);
        Interruptions.Use(app, parts.Logs.CreateLogger("api"));
        app.UseRouting();
        parts.Gate.Use(app, door);
        OperationGate.Use(app, parts.Node);
        OperationTable.Map(app, parts.Node);
        MetricsEndpoint.Map(app, parts.Node);
        try
        {
            await app.StartAsync(cancellation);
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

    // People and their programs ask a few short questions; whoever holds connections open, sends headers or bodies drop
    // by drop, or sends more of them than any client has, is none of them.
    private static void Limit(KestrelServerOptions kestrel, Door door)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        // Each that follows the events holds one.
        limits.MaxConcurrentConnections = door == Door.Socket ? 2 * EventStreams.Most : EventStreams.Most / 4;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestBodySize = Body.Large;
        limits.MinRequestBodyDataRate = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
        limits.Http2.MaxStreamsPerConnection = 32;
    }
}
