using System.Net;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests.Terminals;

/// <summary>The live views on a real terminal.</summary>
public sealed class LiveViewTests
{
    [Fact]
    public async Task Get_watch_redraws_fits_the_window_and_gives_the_terminal_back()
    {
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), _ => Task.CompletedTask);
        await using var daemon = await Start(server);
        using var window = new TerminalWindow(("FULCRUM_STATE", daemon.StateDirectory));
        window.Type($"dotnet {FulcrumProgram.Assembly} get backends --watch --every 200ms");
        await window.WaitFor(
            screen => Row(screen, "web/one").Contains(" healthy ", StringComparison.Ordinal),
            "a backend that is well"
        );
        Assert.False(window.HasCursor);
        Assert.StartsWith("backends · every 200ms · ", window.Screen, StringComparison.Ordinal);

        await server.DisposeAsync();
        await window.WaitFor(
            screen => Row(screen, "web/one").Contains(" unhealthy ", StringComparison.Ordinal),
            "a backend that is not"
        );
        // It stands where it stood: nothing scrolls.
        Assert.StartsWith("backends · every 200ms · ", window.Screen, StringComparison.Ordinal);

        window.Resize(40, 24);
        await window.WaitFor(
            screen =>
                !screen.Contains("connection refused", StringComparison.Ordinal)
                && screen.Contains("web/one", StringComparison.Ordinal),
            "the table to fit a smaller window"
        );
        Assert.Equal(3, window.Screen.Split('\n').Count(line => line.Length > 0));

        window.Press("C-c");
        await window.WaitFor(screen => screen.TrimEnd().EndsWith("prompt>", StringComparison.Ordinal), "the prompt");
        Assert.True(window.HasCursor);
        window.Type("echo the code is $?");
        await window.WaitFor("the code is 0");
    }

    [Fact]
    public async Task A_node_that_goes_is_said_so_and_seen_again_when_it_comes_back()
    {
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), _ => Task.CompletedTask);
        await using var daemon = await Start(server);
        using var window = new TerminalWindow(("FULCRUM_STATE", daemon.StateDirectory));
        window.Type($"dotnet {FulcrumProgram.Assembly} get services --watch --every 200ms");
        await window.WaitFor("web  ");
        await daemon.Stop();
        await window.WaitFor("No answer: ");
        // What was known last stays.
        Assert.Contains("web  ", window.Screen, StringComparison.Ordinal);
        await daemon.Run();
        await window.WaitFor(screen => !screen.Contains("No answer", StringComparison.Ordinal), "the node's answer");
    }

    [Fact]
    public async Task Top_takes_the_whole_terminal_obeys_keys_and_quits_on_q()
    {
        await using var server = TcpServer.Start(null, new(IPAddress.Loopback, 0), _ => Task.CompletedTask);
        await using var daemon = await Start(server);
        using var window = new TerminalWindow(("FULCRUM_STATE", daemon.StateDirectory));
        window.Type("echo before");
        window.Type($"dotnet {FulcrumProgram.Assembly} top --every 200ms");
        await window.WaitFor("CONN/S▼");
        Assert.True(window.IsOther);
        Assert.Contains("q quit", window.Screen.Split('\n')[22], StringComparison.Ordinal);
        window.Press("Tab");
        await window.WaitFor("IN/S▼");
        window.Press("r");
        await window.WaitFor("IN/S▲");
        window.Press("b");
        await window.WaitFor("web/one");
        window.Press("q");
        await window.WaitFor(screen => screen.TrimEnd().EndsWith("prompt>", StringComparison.Ordinal), "the prompt");
        Assert.False(window.IsOther);
        Assert.True(window.HasCursor);
        Assert.Contains("before", window.Screen, StringComparison.Ordinal);
        // The shell reads lines and shows what is typed, as before.
        window.Type("echo the code is $?");
        await window.WaitFor("the code is 0");
    }

    private static string Row(string screen, string name) =>
        screen.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) ?? "";

    private static Task<Daemon> Start(TcpServer server) =>
        Daemon.Start(
            null,
            $$"""
            defaults: { check: { interval: 100ms, timeout: 10s } }
            services:
              web:
                listen: tcp://127.0.0.1:{{Ports.Unused()}}
                backends: [{ address: 127.0.0.1:{{server.EndPoint.Port}}, name: one }]
                checks: [tcp]
            """
        );
}
