using System.Text.Json.Nodes;
using Fulcrum.Kernel.Tests.Kit;
using Fulcrum.TestKit;

namespace Fulcrum.Kernel.Tests.Daemons;

/// <summary><c>fulcrum doctor</c> on a kernel that has all, and what it leaves behind: nothing.</summary>
public sealed class DoctorTests : IAsyncDisposable
{
    private readonly Lab _lab = new();

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public void Where_nothing_lacks_it_says_so_and_changes_nothing()
    {
        using var folder = new TemporaryDirectory();
        var file = folder.Write(
            "edge.yaml",
            """
            interfaces:
              v10: { vlan: 10, on: eth0, addresses: [10.9.0.1/24] }
              mac: { macvlan: bridge, on: eth0 }
            services:
              shop: { listen: "tcp://192.0.2.80:80", forward: nat, balance: maglev, upstream: shop }
              range: { listen: "udp://192.0.2.81:8000-8010", forward: dsr, balance: never-queue, backends: [10.0.2.9] }
            upstreams:
              shop: { connect: { source: 10.0.2.1 }, backends: [10.0.2.9:80], checks: [icmp] }
            vips:
              shop: { address: 192.0.2.80, on: dummy, up-when: always, active: every-node }
            """
        );
        var before = State();
        var (exit, output, errors) = Run("doctor", file, "-o", "json", "--state", folder.PathOf("state"));
        Assert.Equal((0, ""), (exit, errors));
        var things = JsonNode.Parse(output)!["items"]!.AsArray();
        string[] expected =
        [
            "ip_vs",
            "ip_vs schedulers",
            "firewall marks",
            "source NAT",
            "kernel parameters",
            "dummy interfaces",
            "vlan interfaces",
            "macvlan interfaces",
            "interface eth0",
            "CAP_NET_ADMIN",
            "ICMP sockets",
            "state directory",
        ];
        Assert.Equal(expected, things.Select(thing => (string)thing!["name"]!));
        Assert.All(things, thing => Assert.Equal("fine", (string)thing!["state"]!));
        Assert.Equal(before, State());
    }

    [Fact]
    public void The_one_scheduler_that_this_kernel_has_not_is_told_of_and_nothing_else()
    {
        using var folder = new TemporaryDirectory();
        var (exit, output, errors) = Run("doctor", "-o", "json", "--state", folder.PathOf("state"));
        Assert.Equal((1, ""), (exit, errors));
        // The guest's kernel is too old for programs of ours.
        string[] ofPrograms = ["BPF programs", "offload"];
        var lacking = JsonNode.Parse(output)!["items"]!
            .AsArray()
            .Where(thing => (string)thing!["state"]! != "fine" && !ofPrograms.Contains((string)thing["name"]!));
        Assert.Equal("the kernel has no ip_vs_twos", (string)Assert.Single(lacking)!["found"]!);
    }

    [Fact]
    public void An_interface_that_is_down_and_a_network_that_nobody_has_are_told_of()
    {
        using var folder = new TemporaryDirectory();
        _lab.Director.Namespace.Ip("link", "set", "eth1", "down");
        var file = folder.Write(
            "edge.yaml",
            """
            vips:
              one: { address: 10.0.2.80, on: eth1, up-when: always, active: every-node }
              two: { address: 203.0.113.80, on: auto, up-when: always, active: every-node }
            """
        );
        var (exit, output, errors) = Run("doctor", file, "--state", folder.PathOf("state"));
        Assert.Equal((1, ""), (exit, errors));
        Assert.Matches("(?m)^interface eth1 +lacking +interface eth1 is down +vip/one$", output);
        Assert.Matches("(?m)^network of 203.0.113.80 +lacking +no interface has a network .* +vip/two$", output);
    }

    // Whether a cable has a signal is nobody's doing.
    private string State() =>
        string.Join(
            ' ',
            _lab.Director.Namespace.Ip("-o", "link").Split('\n').Select(line => line.Split(": ").ElementAtOrDefault(1))
        )
        + _lab.Director.Namespace.Ip("-o", "addr")
        + _lab.Director.Namespace.Run("tc", "qdisc")
        + string.Join('\n', _lab.Witness.Saved())
        + _lab.Director.Namespace.Run("sysctl", "-a", "--pattern", "^net.ipv4.(conf|vs)");

    private (int ExitCode, string Output, string Errors) Run(params string[] arguments) =>
        _lab.Director.Namespace.Run(() =>
            Tool.Try("dotnet", "", [Repository.BuiltAssembly("Fulcrum", "fulcrum"), .. arguments])
        );
}
