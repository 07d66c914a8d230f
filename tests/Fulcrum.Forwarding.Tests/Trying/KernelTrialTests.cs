using Fulcrum.Forwarding.Trying;
using Fulcrum.Linux.Namespaces;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Upstreams;
using Fulcrum.TestKit;
using Fulcrum.TestKit.Namespaces;

namespace Fulcrum.Forwarding.Tests.Trying;

/// <summary>
/// What a kernel has is found out by doing it. Kernels differ, so that what a test expects is what an operator's tools find
/// out beside it.
/// </summary>
public sealed class KernelTrialTests
{
    private static readonly Interface Dummy = new() { Name = "trial0", Dummy = true };
    private static readonly Interface Vlan = new() { Name = "trial1", Vlan = 7 };
    private static readonly Interface Macvlan = new() { Name = "trial2", Macvlan = MacvlanKind.Bridge };

    [Fact]
    public async Task Kinds_of_interfaces_are_as_ip_finds_them()
    {
        using var witness = NetworkNamespace.Create("trial");
        witness.Ip("link", "add", "name", "eth0", "type", "veth", "peer", "name", "other0");
        using var own = new OwnNamespace();
        using var trial = new KernelTrial(own.Open, TimeProvider.System);
        (Interface Sample, string Module, string[] Words)[] kinds =
        [
            (Dummy, "dummy", ["type", "dummy"]),
            (Vlan, "8021q", ["link", "eth0", "type", "vlan", "id", "7"]),
            (Macvlan, "macvlan", ["link", "eth0", "type", "macvlan"]),
        ];
        foreach (var (sample, module, words) in kinds)
        {
            var made = Works(witness, "ip", ["link", "add", "name", sample.Name, .. words]);
            Assert.Equal(made ? null : module, await trial.LackingModuleAsync(sample, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Filters_are_as_tc_finds_them()
    {
        using var witness = NetworkNamespace.Create("trial");
        using var own = new OwnNamespace();
        using var trial = new KernelTrial(own.Open, TimeProvider.System);
        var words = "filter add dev lo ingress protocol ip prio 1 flower ip_proto tcp dst_port 1-2 action".Split(' ');
        var has = Works(witness, "tc", "qdisc add dev lo clsact".Split(' '));
        var marks = has && Works(witness, "tc", [.. words, "skbedit", "mark", "1"]);
        var tracks = has && Works(witness, "tc", [.. words, "ct", "commit", "nat", "src", "addr", "127.0.0.1"]);
        Assert.Equal(marks && tracks, await trial.WhyNoMarksAsync(CancellationToken.None) is null);
        Assert.Equal(tracks, await trial.WhyNoSourcesAsync(CancellationToken.None) is null);
    }

    [Fact]
    public async Task Without_a_balancer_nothing_is_known_of_its_parts()
    {
        Require.Root();
        using var own = new OwnNamespace();
        using var trial = new KernelTrial(own.Open, TimeProvider.System);
        var lacking = await trial.LackingAsync(
            [BalancerPart.Of(BalanceAlgorithm.RoundRobin)!, BalancerPart.SipEngine],
            CancellationToken.None
        );
        // The kernel has the file where it has the balancer.
        Assert.Equal(File.Exists("/proc/net/ip_vs"), lacking is not null);
    }

    private static bool Works(NetworkNamespace home, string tool, string[] words) =>
        home.Run(() => Tool.Try(Require.Tool(tool), "", words).ExitCode == 0);
}
