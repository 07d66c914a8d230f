using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Load;
using Fulcrum.TestKit.Peers;

namespace Fulcrum.EndToEnd.Tests;

/// <summary>
/// A node on a kernel without ip_vs: who asks for it is told wherever they look, others are served, and nothing breaks.
/// </summary>
public sealed class NoBalancerTests
{
    private const int Hangup = 1;
    private const string Asked = "it asks for plane ipvs, but the kernel has no ip_vs";
    private const string NoPlane = "no plane of this node carries nat; ipvs would, but the kernel has no ip_vs";

    [Fact]
    public async Task Who_needs_it_is_told_why_and_the_others_are_served()
    {
        using var folder = new TemporaryDirectory();
        SkipWithBalancer(folder);
        await using var server = TcpServer.Start(
            null,
            new(IPAddress.Loopback, 0),
            async client => await client.SendAsync("hello"u8.ToArray())
        );
        var (own, any) = (Ports.Unused(), Ports.Unused());
        var served = $$"""
            services:
              own: { listen: "tcp://127.0.0.1:{{own}}", plane: proxy, backends: [ "{{server.EndPoint}}" ] }
              any: { listen: "tcp://127.0.0.1:{{any}}", plane: auto, backends: [ "{{server.EndPoint}}" ] }

            """;
        var whole =
            served
            + $$"""
                  asks: { listen: "tcp://127.0.0.1:{{Ports.Unused()}}", plane: ipvs, forward: nat, backends: [ "{{server.EndPoint}}" ] }
                  auto: { listen: "tcp://127.0.0.1:{{Ports.Unused()}}", forward: nat, backends: [ "{{server.EndPoint}}" ] }
                """;
        await using var daemon = await Daemon.Start(null, whole);
        await daemon.WaitForLog($"warning service asks is not carried: {Asked}");
        await daemon.WaitForLog($"warning service auto is not carried: {NoPlane}");

        var status = daemon.Command("status");
        Assert.Equal((1, ""), (status.ExitCode, status.Errors));
        Assert.Matches($"(?m)^service/asks +{Asked}", status.Output);
        Assert.Matches($"(?m)^service/auto +{NoPlane}", status.Output);
        Assert.Matches("(?m)^asks +DOWN ", status.Output);
        Assert.Matches("(?m)^any +healthy ", status.Output);

        var service = JsonNode.Parse(daemon.Command("get", "service", "asks", "-o", "json").Output)!;
        Assert.Equal("unhealthy", (string)service["health"]!);
        Assert.StartsWith(Asked, (string)service["reason"]!, StringComparison.Ordinal);
        Assert.Null(service["plane"]);

        Assert.StartsWith($"service/asks not carried: {Asked}", Explain(daemon, "asks"), StringComparison.Ordinal);
        Assert.StartsWith($"service/auto not carried: {NoPlane}", Explain(daemon, "auto"), StringComparison.Ordinal);
        Assert.Contains("carried by plane proxy", Explain(daemon, "any"), StringComparison.Ordinal);
        await IsServed(own);
        await IsServed(any);

        // What is lacking is not needed any more.
        await File.WriteAllTextAsync(daemon.File, served, TestContext.Current.CancellationToken);
        daemon.Signal(Hangup);
        await Wait.Until(() => daemon.Command("status").ExitCode == 0, "a status without trouble");
        Assert.DoesNotContain("ip_vs", daemon.Command("status").Output, StringComparison.Ordinal);
        await IsServed(any);

        // And is again.
        await File.WriteAllTextAsync(daemon.File, whole, TestContext.Current.CancellationToken);
        daemon.Signal(Hangup);
        await Wait.Until(() => daemon.Command("status").ExitCode == 1, "a status with trouble");
        await IsServed(own);
        Assert.Equal(0, await daemon.Stop());
        Assert.False(daemon.Log.Contains("defect"), daemon.Log.Tail(50));
    }

    [Fact]
    public void The_doctor_names_it_with_those_who_need_it()
    {
        using var folder = new TemporaryDirectory();
        SkipWithBalancer(folder);
        var file = folder.Write(
            "edge.yaml",
            """
            services:
              web: { listen: "tcp://127.0.0.1:8080", plane: ipvs, forward: nat, backends: [127.0.0.1:1] }
              page: { listen: "tcp://127.0.0.1:8081", backends: [127.0.0.1:1] }
            """
        );
        var (exit, output, errors) = FulcrumProgram.Run("doctor", file, "--state", folder.PathOf("state"));
        Assert.Equal((1, ""), (exit, errors));
        Assert.Matches("(?m)^ip_vs +lacking +the kernel has no balancer +service/web$", output);
        Assert.Matches("(?m)^  mend: .*ip_vs", output);
        Assert.False(Directory.Exists(folder.PathOf("state")), "the doctor changes nothing");

        var needsNone = folder.Write(
            "page.yaml",
            "services: { page: { listen: 'tcp://127.0.0.1:8081', backends: ['127.0.0.1:1'] } }"
        );
        (exit, output, errors) = FulcrumProgram.Run("doctor", needsNone, "--state", folder.PathOf("state"));
        Assert.Equal((0, ""), (exit, errors));
        Assert.DoesNotContain("ip_vs", output, StringComparison.Ordinal);
    }

    private static void SkipWithBalancer(TemporaryDirectory folder)
    {
        var all = FulcrumProgram.Run("doctor", "-o", "json", "--state", folder.PathOf("state")).Output;
        var balancer = JsonNode.Parse(all)!["items"]!.AsArray().Single(item => (string)item!["name"]! == "ip_vs")!;
        Assert.SkipWhen((string)balancer["state"]! != "lacking", "the kernel of this machine has ip_vs");
    }

    private static string Explain(Daemon daemon, string service) =>
        string.Join(
            ' ',
            daemon
                .Command("explain", $"service/{service}")
                .Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        );

    private static async Task IsServed(int port)
    {
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync(IPAddress.Loopback, port);
        var heard = new byte[5];
        await Wait.For(client.GetStream().ReadExactlyAsync(heard).AsTask(), $"an answer at port {port}");
        Assert.Equal("hello"u8.ToArray(), heard);
    }
}
