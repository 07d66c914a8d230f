using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests;

/// <summary>What people see of sessions and of what changes: <c>fulcrum get sessions</c>, <c>fulcrum events</c>.</summary>
public sealed class SessionTests
{
    [Fact]
    public async Task A_session_is_listed_ended_and_gone()
    {
        var done = new TaskCompletionSource();
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), _ => done.Task);
        var port = Ports.Unused();
        await using var daemon = await Daemon.Start(null, Configuration(port, server.EndPoint.Port));
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync(IPAddress.Loopback, port);
        await Wait.Until(() => Sessions(daemon).Count == 1, "the session");

        var list = daemon.Command("get", "sessions", "--service", "web", "--client", "127.0.0.0/8");
        Assert.Equal((0, ""), (list.ExitCode, list.Errors));
        Assert.Matches(@"^ID +SERVICE +CLIENT +BACKEND +STATE +AGE +IN +OUT\n", list.Output);
        var local = Regex.Escape($"{client.Client.LocalEndPoint}");
        Assert.Matches($@"(?m)^\d-\d+-[0-9a-f]+ +web +{local} +web/one +open +\d+s +0 B +0 B$", list.Output);
        Assert.Equal("No sessions.\n", daemon.Command("get", "sessions", "--client", "192.0.2.0/24").Output);

        var session = Sessions(daemon)[0]!;
        var id = (string)session["id"]!;
        Assert.StartsWith($"session/{id}\n", daemon.Command("get", "session", id).Output, StringComparison.Ordinal);
        using var http = daemon.Api();
        using var ended = await http.DeleteAsync($"/api/v1/sessions/{id}");
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        await Assert.ThrowsAsync<IOException>(async () => await client.GetStream().ReadExactlyAsync(new byte[1]));
        Assert.Empty(Sessions(daemon));
        var gone = daemon.Command("get", "session", id);
        Assert.Equal(1, gone.ExitCode);
        Assert.Contains("it has ended, or never was", gone.Errors, StringComparison.Ordinal);
        done.SetResult();
    }

    [Fact]
    public async Task Events_are_told_as_they_happen_also_after_a_restart()
    {
        await using var daemon = await Daemon.Start(null, Configuration(Ports.Unused(), Ports.Unused()));
        var lines = new List<string>();
        var errors = new List<string>();
        using var events = Process.Start(
            new ProcessStartInfo("dotnet")
            {
                ArgumentList =
                {
                    FulcrumProgram.Assembly,
                    "events",
                    "--since",
                    "all",
                    "--state",
                    daemon.StateDirectory,
                },
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        try
        {
            events.OutputDataReceived += (_, line) => Add(lines, line.Data);
            events.ErrorDataReceived += (_, line) => Add(errors, line.Data);
            events.BeginOutputReadLine();
            events.BeginErrorReadLine();
            await Told(lines, "Z  configuration  ");
            Assert.Equal(0, daemon.Command("drain", "backend/web/one", "--reason", "a test").ExitCode);
            await Told(lines, "  override       override/backend/web/one  drain");

            await daemon.Stop();
            await Told(errors, "Asking again until there is one.");
            await daemon.Run();
            await Told(errors, "The node answers again.");
            await Told(lines, "events may be missing here: the node was started anew");

            Assert.Equal(0, Tool.Try("kill", "", ["-INT", $"{events.Id}"]).ExitCode);
            await events.WaitForExitAsync().WaitAsync(Wait.DefaultTimeout);
            Assert.Equal(0, events.ExitCode);
        }
        finally
        {
            if (!events.HasExited)
            {
                events.Kill();
            }
        }
    }

    private static string Configuration(int port, int backend) =>
        $$"""
            services:
              web:
                listen: tcp://127.0.0.1:{{port}}
                backends: [{ address: 127.0.0.1:{{backend}}, name: one }]
            """;

    private static JsonArray Sessions(Daemon daemon) =>
        JsonNode.Parse(daemon.Command("get", "sessions", "-o", "json").Output)!["items"]!.AsArray();

    private static void Add(List<string> lines, string? line)
    {
        lock (lines)
        {
            lines.Add(line ?? "");
        }
    }

    private static Task Told(List<string> lines, string part) =>
        Wait.Until(
            () =>
            {
                lock (lines)
                {
                    return lines.Exists(line => line.Contains(part, StringComparison.Ordinal));
                }
            },
            $"'{part}' to be told"
        );
}
