using System.Net;
using System.Net.Sockets;
using Fulcrum.TestKit;

namespace Fulcrum.Namespace.Tests.Offload;

/// <summary>Sessions that the kernel carries, with real sockets at both ends.</summary>
public sealed class OffloadTests
{
    /// <summary>So many of a client's datagrams the loop sees at most, with as many answers, before the kernel has it.</summary>
    private const int SeenByLoop = 10;

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public async Task A_flow_moves_into_the_kernel_and_is_counted(int version)
    {
        await using var scene = new Scene();
        await using var server = EchoServer.Start(scene.Server.Namespace, scene.Backend(version));
        await scene.Start(Plain(scene, version));
        using var flow = await Flow.Begin(scene.Client.Namespace, scene.Listener(version));
        await flow.Ask(2000);
        await flow.Ask(100, length: 5);
        await flow.Ask(100, length: 1400);
        await scene.UntilCounted(flow);
        Assert.Equal(1, await scene.Metric("fulcrum_loop_offloaded"));
        Assert.InRange(await scene.Metric("fulcrum_loop_offloaded_datagrams_total"), 2 * (2200 - SeenByLoop), 2 * 2200);
        // To the backend it is one client, whoever passes its datagrams on.
        Assert.Single(server.Peers);
        // Longer than any packet: the fragments are put together by who has sockets.
        await flow.Ask(20, length: 5000);
        await scene.UntilCounted(flow);
        Assert.InRange(await scene.Metric("fulcrum_loop_offloaded_datagrams_total"), 0, 2 * 2200);
        Assert.Single(server.Peers);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public async Task What_a_client_sends_by_one_call_stays_together_as_far_as_it_can(int version)
    {
        await using var scene = new Scene();
        await using var server = EchoServer.Start(scene.Server.Namespace, scene.Backend(version));
        await scene.Start(Plain(scene, version));
        using var flow = await Flow.Begin(scene.Client.Namespace, scene.Listener(version));
        await flow.Ask(100);
        var before = await scene.Metric("fulcrum_loop_offloaded_datagrams_total");
        for (var i = 0; i < 20; i++)
        {
            await flow.AskByTrain(20, 1200);
        }

        await scene.UntilCounted(flow);
        // Those of a train are counted one by one, as the answers are.
        var passed = await scene.Metric("fulcrum_loop_offloaded_datagrams_total");
        Assert.InRange(passed, 2 * (500 - SeenByLoop), 1000);
        Assert.True(passed > before);
        Assert.Single(server.Peers);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public async Task A_client_that_falls_silent_is_forgotten_and_one_that_does_not_is_not(int version)
    {
        await using var scene = new Scene();
        await using var server = EchoServer.Start(scene.Server.Namespace, scene.Backend(version));
        await scene.Start(Plain(scene, version, "sessions: { idle-timeout: 1s }"));
        using var flow = await Flow.Begin(scene.Client.Namespace, scene.Listener(version));
        await flow.AskFor(TimeSpan.FromSeconds(4));
        Assert.Single(server.Peers);
        Assert.Equal(1, Status.Of(scene.Daemon).Counter("echo", "total"));
        await Status.Until(scene.Daemon, status => status.Counter("echo", "active") == 0, "the session to end");
        Assert.Equal(0, await scene.Metric("fulcrum_loop_offloaded"));
        await scene.UntilCounted(flow);
        await flow.Ask(100);
        Assert.Equal(2, server.Peers.Count());
    }

    [Fact]
    public async Task A_stage_that_comes_by_a_reload_brings_flows_back_without_loss()
    {
        await using var scene = new Scene();
        await using var server = EchoServer.Start(scene.Server.Namespace, scene.Backend(4));
        await scene.Start(Plain(scene, 4));
        using var flow = await Flow.Begin(scene.Client.Namespace, scene.Listener(4));
        await flow.Ask(100);
        await scene.UntilOffloaded(1);
        var asking = flow.AskFor(TimeSpan.FromSeconds(3));
        await scene.Reload(Staged(scene));
        await scene.UntilOffloaded(0);
        await asking;
        await flow.Ask(100);
        Assert.Equal(0, await scene.Metric("fulcrum_loop_offloaded"));
        Assert.Single(server.Peers);
        await scene.UntilCounted(flow);
        // And when it goes, they go again, after a while.
        await scene.Reload(Plain(scene, 4));
        await flow.Ask(2000);
        await scene.UntilOffloaded(1);
        await flow.Ask(100);
        Assert.Single(server.Peers);
    }

    [Fact]
    public async Task Where_datagrams_pass_a_stage_the_kernel_takes_nobody()
    {
        await using var scene = new Scene();
        await using var server = EchoServer.Start(scene.Server.Namespace, scene.Backend(4));
        await scene.Start(Staged(scene));
        using var flow = await Flow.Begin(scene.Client.Namespace, scene.Listener(4));
        await flow.Ask(100);
        Assert.Equal(0, await scene.Metric("fulcrum_loop_offloaded_begun_total"));
    }

    [Fact]
    public async Task A_backend_that_is_to_rest_loses_its_flows_to_another()
    {
        await using var scene = new Scene();
        await using var server = EchoServer.Start(scene.Server.Namespace, scene.Backend(4));
        var other = new IPEndPoint(scene.Server.Address, Scene.BackendPort + 1);
        await using var another = EchoServer.Start(scene.Server.Namespace, other);
        await scene.Start(
            $$"""
            services:
              echo:
                listen: "udp://0.0.0.0:{{Scene.Port}}"
                backends:
                  - { address: "{{scene.Backend(4)}}", name: one }
                  - { address: "{{other}}", name: two, weight: 0 }
            """
        );
        using var flow = await Flow.Begin(scene.Client.Namespace, scene.Listener(4));
        await flow.Ask(100);
        await scene.UntilOffloaded(1);
        Assert.Empty(another.Peers);
        await scene.Reload(
            $$"""
            services:
              echo:
                listen: "udp://0.0.0.0:{{Scene.Port}}"
                backends: [ { address: "{{other}}", name: two } ]
            """
        );
        await flow.Ask(100);
        Assert.Single(another.Peers);
        await scene.UntilOffloaded(1);
    }

    [Fact]
    public async Task A_backend_that_is_gone_is_noticed()
    {
        await using var scene = new Scene();
        var other = new IPEndPoint(scene.Server.Address, Scene.BackendPort + 1);
        await using var another = EchoServer.Start(scene.Server.Namespace, other);
        var server = EchoServer.Start(scene.Server.Namespace, scene.Backend(4));
        await scene.Start(
            $$"""
            services:
              echo:
                listen: "udp://0.0.0.0:{{Scene.Port}}"
                balance: first
                backends: ["{{scene.Backend(4)}}", "{{other}}"]
            """
        );
        using var flow = await Flow.Begin(scene.Client.Namespace, scene.Listener(4));
        await flow.Ask(50);
        await scene.UntilOffloaded(1);
        Assert.Empty(another.Peers);
        await server.DisposeAsync();
        // The machine of the one that is gone says so to the socket that the session still has.
        await flow.AskUntilAnswered();
        Assert.Single(another.Peers);
        await flow.Ask(100);
        await scene.UntilOffloaded(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_is_left_of_a_daemon_that_ends(bool isKilled)
    {
        await using var scene = new Scene();
        await using var server = EchoServer.Start(scene.Server.Namespace, scene.Backend(4));
        await scene.Start(Plain(scene, 4, "sessions: { drain: { deadline: 100ms } }"));
        using var flow = await Flow.Begin(scene.Client.Namespace, scene.Listener(4));
        await flow.Ask(100);
        await scene.UntilOffloaded(1);
        if (isKilled)
        {
            await scene.Daemon.Kill();
        }
        else
        {
            Assert.Equal(0, await scene.Daemon.Stop());
        }

        // The director's own sockets are asked, and there are none.
        var refused = await Assert.ThrowsAsync<SocketException>(() => flow.Ask(1));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        await scene.Daemon.Run("--node", "lb1");
        await flow.Ask(100);
        await scene.UntilOffloaded(1);
    }

    [Fact]
    public async Task An_upgrade_takes_flows_over()
    {
        await using var scene = new Scene();
        await using var server = EchoServer.Start(scene.Server.Namespace, scene.Backend(4));
        await scene.Start(Plain(scene, 4));
        using var flow = await Flow.Begin(scene.Client.Namespace, scene.Listener(4));
        await flow.Ask(100);
        await scene.UntilOffloaded(1);
        var asking = flow.AskFor(TimeSpan.FromSeconds(5));
        await scene.Daemon.Upgrade();
        await asking;
        await flow.Ask(100);
        await scene.UntilOffloaded(1);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public async Task Within_the_machine_it_needs_nothing_but_the_loopback_interface(int version)
    {
        await using var scene = new Scene(forwards: false);
        var local = version == 6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        await using var server = EchoServer.Start(scene.Director.Namespace, new(local, Scene.BackendPort));
        await scene.Start(
            $$"""
            services:
              echo:
                listen: "udp://{{new IPEndPoint(local, Scene.Port)}}"
                backends: ["{{new IPEndPoint(local, Scene.BackendPort)}}"]
            """,
            "lo"
        );
        using var flow = await Flow.Begin(scene.Director.Namespace, new(local, Scene.Port));
        await flow.Ask(1000);
        await scene.UntilCounted(flow);
        Assert.InRange(await scene.Metric("fulcrum_loop_offloaded_datagrams_total"), 2 * (1000 - SeenByLoop), 2000);
        Assert.Single(server.Peers);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(4, false)]
    [InlineData(6, false)]
    public async Task A_backend_on_this_machine_serves_others(int version, bool accepts)
    {
        await using var scene = new Scene();
        scene.Director.Namespace.Sysctl("net.ipv4.conf.eth0.accept_local", accepts ? "1" : "0");
        var local = new IPEndPoint(Scene.AddressOf(scene.Director, version), Scene.BackendPort);
        await using var server = EchoServer.Start(scene.Director.Namespace, local);
        await scene.Start(
            $$"""
            services:
              echo:
                listen: "udp://{{scene.Listener(version)}}"
                backends: ["{{local}}"]
            """,
            "eth0, lo"
        );
        using var flow = await Flow.Begin(scene.Client.Namespace, scene.Listener(version));
        await flow.Ask(1000);
        await scene.UntilCounted(flow);
        // Where IPv4 would take them for forged, only the answers go by the kernel.
        var most = version == 4 && !accepts ? 1000 : 2000;
        Assert.InRange(await scene.Metric("fulcrum_loop_offloaded_datagrams_total"), most - (2 * SeenByLoop), most);
        if (most == 1000)
        {
            await Wait.Until(
                async () =>
                    (await scene.PlanesAsync()).Contains("net/ipv4/conf/eth0/accept_local", StringComparison.Ordinal),
                "the plane to say what is in the way"
            );
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public async Task Where_the_machine_does_not_forward_the_loops_go_on_and_the_reason_is_told(int version)
    {
        await using var scene = new Scene(forwards: false);
        await using var server = EchoServer.Start(scene.Server.Namespace, scene.Backend(version));
        await scene.Start(Plain(scene, version));
        using var flow = await Flow.Begin(scene.Client.Namespace, scene.Listener(version));
        await flow.Ask(200);
        Assert.Equal(0, await scene.Metric("fulcrum_loop_offloaded_datagrams_total"));
        var asking = flow.AskFor(TimeSpan.FromSeconds(3));
        await Wait.Until(
            async () =>
                (await scene.PlanesAsync()).Contains(
                    $"net/ipv{version}/conf/eth0/forwarding",
                    StringComparison.Ordinal
                ),
            "the plane to say what is in the way"
        );
        await asking;
        await scene.UntilCounted(flow);
    }

    [Fact]
    public async Task Another_family_towards_the_backend_is_for_the_loops()
    {
        await using var scene = new Scene();
        await using var server = EchoServer.Start(scene.Server.Namespace, scene.Backend(6));
        await scene.Start(Plain(scene, 6));
        using var flow = await Flow.Begin(scene.Client.Namespace, scene.Listener(4));
        await flow.Ask(100);
        Assert.Equal(0, await scene.Metric("fulcrum_loop_offloaded_begun_total"));
    }

    private static string Plain(Scene scene, int version, string more = "") =>
        $$"""
            services:
              echo:
                listen: "udp://:{{Scene.Port}}"
                backends: ["{{scene.Backend(version)}}"]
                {{more}}
            """;

    private static string Staged(Scene scene) =>
        $$"""
            services:
              echo:
                listen: "udp://:{{Scene.Port}}"
                routes: [ { upstream: echo, ingress: slow } ]
            upstreams:
              echo: { backends: ["{{scene.Backend(4)}}"] }
            stages:
              slow: { rate-limit: { bytes-per-second: 1GiB, burst: 1MiB } }
            """;
}
