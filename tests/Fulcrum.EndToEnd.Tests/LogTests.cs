using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests;

/// <summary>The log as people and as programs read it, and access logs.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task The_log_is_json_for_who_wants_it_and_no_more_than_is_wanted()
    {
        await using var daemon = await Daemon.Start(
            null,
            Configuration(Ports.Unused(), 1, ""),
            null,
            "--log-format",
            "json"
        );
        await daemon.WaitForLog("\"level\":\"info\",\"category\":\"fulcrum\"");
        var line = daemon.Log.Lines.First(one => one.Contains("Ready: ", StringComparison.Ordinal));
        var entry = JsonNode.Parse(line[line.IndexOf('{', StringComparison.Ordinal)..])!;
        Assert.Equal(("info", "LogReady"), ((string?)entry["level"], (string?)entry["event"]));
        Assert.Equal(1, (int)entry["values"]!["services"]!);
        Assert.StartsWith("Ready: 1 services on node ", (string)entry["message"]!, StringComparison.Ordinal);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", (string)entry["time"]!);

        await using var quiet = await Daemon.Start(
            null,
            Configuration(Ports.Unused(), 1, ""),
            null,
            "--log-level",
            "warning"
        );
        Assert.False(quiet.Log.Contains("Ready: "));
        var (code, _, errors) = FulcrumProgram.Run("run", "x.yaml", "--log-format", "xml");
        Assert.Equal(2, code);
        Assert.Contains("'json'", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_are_told_when_they_end_also_after_the_file_was_moved_away()
    {
        using var folder = new TemporaryDirectory();
        var file = folder.PathOf("access.log");
        await using var server = TcpServer.Start(
            null,
            new(IPAddress.Loopback, 0),
            async socket =>
            {
                var buffer = new byte[64];
                while (await socket.ReceiveAsync(buffer) is > 0 and var count)
                {
                    await socket.SendAsync(buffer.AsMemory(0, count));
                }
            }
        );
        var port = Ports.Unused();
        await using var daemon = await Daemon.Start(
            null,
            Configuration(port, server.EndPoint.Port, $"access-log: {{ to: {file}, format: json }}")
        );
        var client = await TalkAsync(port);
        var entry = JsonNode.Parse((await LinesAsync(file, 1))[0])!;
        Assert.Equal(
            ("web", $"tcp://127.0.0.1:{port}", client, "web", "one", "closed"),
            (
                (string?)entry["service"],
                (string?)entry["listener"],
                (string?)entry["client"],
                (string?)entry["upstream"],
                (string?)entry["backend"],
                (string?)entry["end"]
            )
        );
        Assert.Equal((5, 5), ((int)entry["bytes-in"]!, (int)entry["bytes-out"]!));
        Assert.True((double)entry["connect"]! <= (double)entry["duration"]!);

        File.Move(file, file + ".1");
        await Wait.Until(
            async () =>
            {
                await TalkAsync(port);
                return File.Exists(file);
            },
            "a new file"
        );
        Assert.NotEmpty(await LinesAsync(file, 1));
    }

    private static async Task<string> TalkAsync(int port)
    {
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync(IPAddress.Loopback, port);
        var stream = client.GetStream();
        await stream.WriteAsync("hello"u8.ToArray());
        await stream.ReadExactlyAsync(new byte[5]);
        return client.Client.LocalEndPoint!.ToString()!;
    }

    private static Task<string[]> LinesAsync(string file, int count) =>
        Wait.ForValue(
            () => File.Exists(file) && File.ReadAllLines(file) is var lines && lines.Length >= count ? lines : null,
            "lines of the access log"
        );

    private static string Configuration(int port, int backend, string more) =>
        $$"""
            services:
              web:
                listen: tcp://127.0.0.1:{{port}}
                backends: [{ address: 127.0.0.1:{{backend}}, name: one }]
                {{more}}
            """;
}
