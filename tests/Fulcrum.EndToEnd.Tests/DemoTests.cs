using System.Globalization;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_takes_turns_loses_a_server_and_gets_it_back()
    {
        using var folder = new TemporaryDirectory();
        var port = Ports.Unused();
        await using var demo = await DemoPeer.Start(port, folder.PathOf("state"));
        using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero });
        Assert.Equal(["one", "three", "two"], await Answers(http, port));

        await demo.WaitForLog("Noticed", TimeSpan.FromSeconds(60));
        Assert.Equal(["one", "two"], await Answers(http, port));
        var status = FulcrumProgram.Run("status", "--state", folder.PathOf("state"));
        Assert.Equal(0, status.ExitCode);
        Assert.Matches(@"three\s+unhealthy\s+rest", status.Output);

        await demo.WaitForLog("it gets its share", TimeSpan.FromSeconds(60));
        Assert.Equal(["one", "three", "two"], await Answers(http, port));
        Assert.Equal(0, await demo.Stop());
        Assert.True(demo.Log.Contains("The demo ends."));
    }

    [Fact]
    public async Task The_demo_keeps_its_state_to_itself_and_ends_with_its_terminal()
    {
        using var folder = new TemporaryDirectory();
        await using var demo = await DemoPeer.Start(Ports.Unused(), folder.PathOf("state"));
        // Nobody else can open the socket, not even between its making and the setting of its mode.
        Assert.Contains(
            "Umask:\t0077",
            await File.ReadAllTextAsync($"/proc/{demo.Pid}/status"),
            StringComparison.Ordinal
        );
        var socket = File.GetUnixFileMode(Path.Combine(folder.PathOf("state"), "fulcrum.sock"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, socket);

        var second = FulcrumProgram.Run("demo", "--port", "8081", "--state", folder.PathOf("state"));
        Assert.Equal(1, second.ExitCode);
        Assert.StartsWith("another node runs", second.Errors, StringComparison.Ordinal);

        const int hangUp = 1;
        demo.Signal(hangUp);
        Assert.Equal(0, await demo.WaitForExit());
    }

    private static async Task<IEnumerable<string>> Answers(HttpClient http, int port)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < 30; i++)
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get,
                string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/")
            );
            request.Headers.ConnectionClose = true;
            using var answer = await http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.StartsWith("Hello from server ", text, StringComparison.Ordinal);
            names.Add(text.Split(' ')[^1].Trim());
        }

        return names;
    }

    /// <summary><c>fulcrum demo</c>; ready when it says what to try.</summary>
    private sealed class DemoPeer : Peer
    {
        private DemoPeer()
            : base("fulcrum demo", null) { }

        public static async Task<DemoPeer> Start(int port, string state)
        {
            var demo = new DemoPeer();
            await demo.StartAsync(
                Require.Tool("dotnet"),
                [
                    FulcrumProgram.Assembly,
                    "demo",
                    "--port",
                    port.ToString(CultureInfo.InvariantCulture),
                    "--state",
                    state,
                ]
            );
            return demo;
        }

        protected override Task<bool> IsReady() => Task.FromResult(Log.Contains("Ctrl-C ends the demo"));
    }
}
