using System.CommandLine;
using System.Net;
using Fulcrum.Commands;
using Fulcrum.Engine.Ports;
using Fulcrum.Hosting;
using Fulcrum.Model;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.Upgrading;

namespace Fulcrum.Demo;

/// <summary>
/// The first thing to see of Fulcrum: three small servers in this process, balanced by a node in this process; one
/// of them stops and comes back again and again. Needs no file, no privileges and no other software.
/// </summary>
internal static class Demonstration
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(
        int port,
        StateDirectory state,
        InvocationConfiguration console,
        CancellationToken cancellation
    )
    {
        using var signals = new Signals();
        // There is no file to read again: the terminal was closed.
        signals.OnReload(signals.End);
        if (state.Take(out var held) is { } trouble)
        {
            await console.Error.WriteLineAsync(trouble);
            return CommandLine.NotSo;
        }

        using var claim = held;
        var servers = new List<LabelledServer> { new("one"), new("two"), new("three") };
        try
        {
            foreach (var server in servers)
            {
                await server.StartAsync(cancellation);
            }

            using var logs = Logging.Create();
            var options = new RunOptions("demo (no file)", null, state);
            using var nothing = new Legacy();
            var (node, result) = await RunningNode.StartAsync(
                Describe(port, servers),
                options,
                nothing,
                null,
                logs,
                cancellation
            );
            if (node is null)
            {
                await console.Error.WriteLineAsync(string.Join('\n', result.Problems));
                await console.Error.WriteLineAsync("Another port is chosen with: fulcrum demo --port 8081");
                return CommandLine.NotSo;
            }

            await using (node)
            {
                await console.Output.WriteLineAsync(Greeting(port, state));
                await ShowAsync(node, servers[^1], console.Output, signals.Drain);
            }

            return CommandLine.Fine;
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }
        }
    }

    private static Snapshot Describe(int port, List<LabelledServer> servers) =>
        Snapshot.Empty with
        {
            Upstreams = Named<Upstream>.From([
                new()
                {
                    Name = "demo",
                    Backends = Items.From(
                        servers.Select(server => new Backend
                        {
                            Name = server.Name,
                            Address = HostAddress.Of(IPAddress.Loopback),
                            Port = server.Port,
                        })
                    ),
                    Policy = new()
                    {
                        Checks =
                        [
                            new()
                            {
                                Probe = new HttpProbe(),
                                Timing = new()
                                {
                                    Interval = TimeSpan.FromSeconds(1),
                                    Timeout = TimeSpan.FromMilliseconds(500),
                                    Rise = 1,
                                    Fall = 2,
                                },
                            },
                        ],
                    },
                },
            ]),
            Services = Named<Service>.From([
                new()
                {
                    Name = "demo",
                    Listeners =
                    [
                        new()
                        {
                            Protocol = ListenerProtocol.Tcp,
                            Address = IPAddress.Loopback,
                            Ports = PortRange.Of(port),
                        },
                    ],
                    Upstream = "demo",
                },
            ]),
        };

    private static string Greeting(int port, StateDirectory state) =>
        $"""
            Fulcrum balances http://127.0.0.1:{port} over three small servers: one, two and three.
            Try, in another terminal:

              curl http://127.0.0.1:{port}          # again and again: the servers take turns
              ./fulcrum status{StateOption(state)}

            Every {Pause.TotalSeconds:0} seconds server three stops or comes back. Ctrl-C ends the demo.

            """;

    private static string StateOption(StateDirectory state) =>
        state == StateDirectory.Choose(null)
            ? "                     # what the balancer knows of them"
            : $" --state {state.Path}";

    // The engine is watched rather than believed: what is printed is what was decided.
    private static async Task ShowAsync(
        RunningNode node,
        LabelledServer server,
        TextWriter output,
        CancellationToken end
    )
    {
        var running = true;
        try
        {
            while (true)
            {
                await Task.Delay(Pause, TimeProvider.System, end);
                running = !running;
                await (running ? server.StartAsync(end) : server.StopAsync());
                await output.WriteLineAsync($"Server {server.Name} {(running ? "comes back" : "stops")}.");
                await output.WriteLineAsync($"  {await DecisionAsync(node, server.Name, running, end)}");
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            await output.WriteLineAsync("The demo ends.");
        }
    }

    private static async Task<string> DecisionAsync(RunningNode node, string name, bool serves, CancellationToken end)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        for (var tries = 0; tries < 100; tries++)
        {
            await timer.WaitForNextTickAsync(end);
            var upstream = node.Engine.State.ViewsOf("demo").Single();
            for (var i = 0; i < upstream.Facts.Count; i++)
            {
                var duty = upstream.Plane.Backends[i].Duty;
                if (upstream.Facts[i].Id == name && (duty == BackendDuty.Serve) == serves)
                {
                    return serves
                        ? $"Its check is good again: it gets its share."
                        : $"Noticed ({upstream.Facts[i].Reason}): the other two take its share.";
                }
            }
        }

        return "The balancer has not noticed.";
    }
}
