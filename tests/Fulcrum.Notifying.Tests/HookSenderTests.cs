using System.Net;
using System.Net.Sockets;
using System.Text;
using Fulcrum.Model.Hooks;
using Fulcrum.Model.Values;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;

namespace Fulcrum.Notifying.Tests;

/// <summary>Real programs and a real server.</summary>
public sealed class HookSenderTests : IDisposable
{
    private static readonly byte[] Telling = "{ \"events\": [] }"u8.ToArray();

    private readonly TemporaryDirectory _folder = new();
    private readonly HookSender _sender = new();

    public void Dispose()
    {
        _sender.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_program_reads_what_happened_and_sees_nothing_of_our_environment()
    {
        var file = _folder.PathOf("told");
        await RunAsync("/bin/sh", "-c", $"cat > {file}; env | cut -d= -f1 | sort | tr '\\n' ' ' >> {file}");
        var told = await File.ReadAllTextAsync(file);
        Assert.StartsWith("{ \"events\": [] }", told, StringComparison.Ordinal);
        Assert.DoesNotContain("HOME", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_fails_or_is_not_there_is_an_error()
    {
        Assert.Equal(
            "/bin/sh ended with 3",
            (await Assert.ThrowsAsync<HookException>(() => RunAsync("/bin/sh", "-c", "exit 3"))).Message
        );
        Assert.StartsWith(
            "/no/such/program cannot be started",
            (await Assert.ThrowsAsync<HookException>(() => RunAsync("/no/such/program"))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_program_that_hangs_is_ended_with_what_it_started()
    {
        var file = _folder.PathOf("number");
        var hook = Program("/bin/sh", "-c", $"sleep 1000 & echo $! > {file}; wait") with
        {
            Timeout = TimeSpan.FromMilliseconds(500),
        };
        var error = await Assert.ThrowsAsync<HookException>(() => SendAsync(hook));
        Assert.Equal("not done within 0.5 s", error.Message);
        var number = (await File.ReadAllTextAsync(file)).Trim();
        await Wait.Until(() => !IsAlive(number), "what it started to end");
    }

    [Fact]
    public async Task A_server_gets_what_happened_with_the_token()
    {
        var token = _folder.PathOf("token");
        await File.WriteAllTextAsync(token, "s3cret\n");
        var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = Serve("HTTP/1.1 204 No Content\r\n\r\n", heard);
        await SendAsync(Web(server, new SecretReference(token, null)));
        var request = await Wait.For(heard.Task, "the request");
        Assert.StartsWith("POST /hook HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer s3cret\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json\r\n", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_refuses_is_an_error_and_so_is_one_that_is_silent()
    {
        await using var server = Serve("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", new());
        Assert.Equal(
            "127.0.0.1 answered 503",
            (await Assert.ThrowsAsync<HookException>(() => SendAsync(Web(server, null)))).Message
        );
        await using var silent = Serve("", new());
        var hook = Web(silent, null) with { Timeout = TimeSpan.FromMilliseconds(300) };
        Assert.Equal("not done within 0.3 s", (await Assert.ThrowsAsync<HookException>(() => SendAsync(hook))).Message);
    }

    [Fact]
    public async Task A_token_that_no_header_can_hold_is_not_repeated()
    {
        var token = _folder.PathOf("token");
        await File.WriteAllTextAsync(token, "s3\ncret");
        await using var server = Serve("HTTP/1.1 204 No Content\r\n\r\n", new());
        var error = await Assert.ThrowsAsync<HookException>(() => SendAsync(Web(server, new(token, null))));
        Assert.DoesNotContain("cret", error.Message, StringComparison.Ordinal);
        var missing = await Assert.ThrowsAsync<HookException>(() => SendAsync(Web(server, new("/no/such", null))));
        Assert.Contains("/no/such", missing.Message, StringComparison.Ordinal);
    }

    private static TcpServer Serve(string answer, TaskCompletionSource<string> heard) =>
        TcpServer.Start(
            null,
            new IPEndPoint(IPAddress.Loopback, 0),
            async socket =>
            {
                var buffer = new byte[64 * 1024];
                var length = await socket.ReceiveAsync(buffer, SocketFlags.None);
                heard.TrySetResult(Encoding.Latin1.GetString(buffer, 0, length));
                if (answer.Length > 0)
                {
                    await socket.SendAsync(Encoding.Latin1.GetBytes(answer), SocketFlags.None);
                }

                // Until the other side has enough.
                _ = await socket.ReceiveAsync(buffer, SocketFlags.None);
            }
        );

    private static Hook Program(params string[] command) =>
        new() { Name = "pager", Target = new ProgramHook(Items.From(command)) };

    private static Hook Web(TcpServer server, SecretReference? token) =>
        new() { Name = "pager", Target = new WebHook(new($"http://{server.EndPoint}/hook"), token) };

    private static bool IsAlive(string number) =>
        File.Exists($"/proc/{number}/stat")
        && !File.ReadAllText($"/proc/{number}/stat").Contains(") Z", StringComparison.Ordinal);

    private Task RunAsync(params string[] command) => SendAsync(Program(command));

    private Task SendAsync(Hook hook) => _sender.SendAsync(hook, Telling, TestContext.Current.CancellationToken);
}
