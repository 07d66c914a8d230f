using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Fulcrum.Demo;

/// <summary>A small HTTP server that says its name; it can be stopped and started again on the same port.</summary>
internal sealed class LabelledServer(string name) : IAsyncDisposable
{
    private WebApplication? _app;

    public string Name { get; } = name;

    /// <summary>Known once it was started.</summary>
    public int Port { get; private set; }

    public async Task StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Listen(IPAddress.Loopback, Port);
            });
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync($"Hello from server {Name}\n", context.RequestAborted));
        await app.StartAsync(cancellation);
        _app = app;
        Port = new Uri(app.Urls.Single()).Port;
    }

    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            await app.StopAsync(CancellationToken.None);
            await DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
            _app = null;
        }
    }
}
