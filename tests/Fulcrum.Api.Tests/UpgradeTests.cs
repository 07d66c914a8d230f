using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fulcrum.Api.Listening;
using Fulcrum.Api.Upgrading;
using Fulcrum.Linux.Sockets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fulcrum.Api.Tests;

/// <summary>The API while one process takes the place of another.</summary>
public sealed class UpgradeTests : ApiTest
{
    private readonly FakeUpgrade _upgrade = new();

    [Fact]
    public async Task An_upgrade_begins_once_and_tells_how_it_went()
    {
        await using var server = await StartAsync(node => node with { Upgrade = _upgrade });
        using var client = Client();
        using var begun = await client.PostAsync("http://f/api/v1/upgrade?by=alice&within=5s", null);
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        Assert.Equal(("alice", TimeSpan.FromSeconds(5)), _upgrade.Begun);
        using var second = await client.PostAsync("http://f/api/v1/upgrade", null);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        var last = await client.GetFromJsonAsync("http://f/api/v1/upgrade", ApiJson.Default.UpgradeDocument);
        Assert.Equal(UpgradeDocument.Running, last!.State);
        using var wrong = await client.PostAsync("http://f/api/v1/upgrade?within=soon", null);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
    }

    [Fact]
    public async Task Nothing_is_changed_while_another_process_takes_over_and_everything_can_be_asked()
    {
        _upgrade.WhyNoChanges = "another process takes over";
        await using var server = await StartAsync(node => node with { Upgrade = _upgrade });
        using var client = Client();
        using var refused = await client.DeleteAsync("http://f/api/v1/overrides?target=service/web");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("1", refused.Headers.RetryAfter?.ToString());
        using var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
        Assert.Equal("another process takes over", problem.RootElement.GetProperty("title").GetString());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("http://f/api/v1/status")).StatusCode);
    }

    [Fact]
    public async Task A_node_that_cannot_be_upgraded_says_so()
    {
        await using var server = await StartAsync();
        using var client = Client();
        using var refused = await client.PostAsync("http://f/api/v1/upgrade", null);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("http://f/api/v1/upgrade")).StatusCode);
    }

    [Fact]
    public async Task Whoever_asks_while_the_socket_passes_on_is_answered()
    {
        var first = await StartAsync();
        var sockets = new ApiSockets();
        // As in another process: a copy of the socket.
        var copy = SocketCalls.Duplicate(Bound());
        Assert.True(copy >= 0);
        sockets.Add("unix", copy);
        await using var second = await ApiServer.StartAsync(
            Socket,
            Node,
            NullLoggerFactory.Instance,
            CancellationToken.None,
            sockets
        );
        for (var request = 0; request < 20; request++)
        {
            using var client = Client();
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("http://f/api/v1/status")).StatusCode);
        }

        GC.KeepAlive(first);
    }

    // The descriptor of this process that listens on the socket.
    private int Bound()
    {
        foreach (var path in Directory.EnumerateFiles("/proc/self/fd"))
        {
            var descriptor = int.Parse(Path.GetFileName(path), System.Globalization.CultureInfo.InvariantCulture);
            if (
                SocketCalls.Get(descriptor, SocketOption.AcceptsConnections) == 1
                && SocketCalls.LocalAddress(descriptor, out var address) >= 0
                && address.Path == Socket
            )
            {
                return descriptor;
            }
        }

        return -1;
    }
}
