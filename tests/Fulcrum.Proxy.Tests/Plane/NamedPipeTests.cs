using Fulcrum.Model.Routing;
using Fulcrum.Model.Upstreams;
using Fulcrum.TestKit;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>A named pipe as a backend: it is written to, and says nothing.</summary>
public sealed class NamedPipeTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public NamedPipeTests() => Tool.Run("mkfifo", Path);

    private string Path => _folder.PathOf("pipe");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(10)]
    [InlineData(1_000_000)]
    public async Task What_clients_send_is_written_there(int length)
    {
        await using var harness = Harness();
        using var reader = Open(Path);
        using var client = await Sockets.ConnectAsync(await harness.ServeTcpAsync(PlaneHarness.Backend(Path)));
        var data = new byte[length];
        new Random(length).NextBytes(data);
        var sending = client.SendAllAsync(data);
        var got = new byte[length];
        await Wait.For(Task.Run(() => reader.ReadExactly(got)), "all of the data");
        Assert.Equal(data, got);
        await sending;
        client.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Assert.Empty(await client.ReceiveToEndAsync());
        await harness.UntilActiveAsync(0);
        Assert.Equal(0, harness.Counters.Resets);
    }

    [Fact]
    public async Task A_reader_that_goes_is_a_backend_that_breaks()
    {
        await using var harness = Harness();
        var reader = Open(Path);
        using var client = await Sockets.ConnectAsync(await harness.ServeTcpAsync(PlaneHarness.Backend(Path)));
        await client.SendAllAsync("x"u8.ToArray());
        await Wait.For(Task.Run(() => reader.ReadExactly(new byte[1])), "a byte");
        await reader.DisposeAsync();
        await client.AssertResetAsync();
        await harness.UntilActiveAsync(0);
        Assert.Equal(1, harness.Counters.Resets);
    }

    [Fact]
    public async Task Where_nobody_reads_or_no_pipe_is_another_backend_is_tried()
    {
        await using var harness = Harness();
        var plain = _folder.PathOf("plain");
        await File.WriteAllTextAsync(plain, "dear", TestContext.Current.CancellationToken);
        var silent = _folder.PathOf("silent");
        Tool.Run("mkfifo", silent);
        using var reader = Open(Path);
        var target = await harness.ServeTcpAsync(
            PlaneHarness.Backend(plain),
            PlaneHarness.Backend(silent),
            PlaneHarness.Backend(_folder.PathOf("missing")),
            PlaneHarness.Backend(Path)
        );
        using var client = await Sockets.ConnectAsync(target);
        await client.SendAllAsync("y"u8.ToArray());
        await Wait.For(Task.Run(() => reader.ReadExactly(new byte[1])), "a byte");
        Assert.Equal("dear", await File.ReadAllTextAsync(plain, TestContext.Current.CancellationToken));
    }

    private static PlaneHarness Harness() =>
        new()
        {
            Connect = new() { Protocol = ConnectProtocol.Pipe },
            Retry = Retry.Default with { Attempts = 3 },
        };

    // Opened both ways, so that opening waits for nobody.
    private static FileStream Open(string path) =>
        new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
}
