using Fulcrum.Examining;
using Fulcrum.Forwarding.Ipvs;
using Fulcrum.Forwarding.Trying;
using Fulcrum.Model.Upstreams;
using Fulcrum.TestKit;

namespace Fulcrum.Tests.Examining;

/// <summary>What people see of <c>fulcrum doctor</c>, of machines that lack different things.</summary>
public sealed class DoctorTests
{
    private static readonly string Edge = Repository.PathOf("tests", "Fulcrum.Tests", "Examining", "edge.yaml");

    private static readonly Dictionary<string, MachineFacts> Machines = new(StringComparer.Ordinal)
    {
        ["whole"] = FakeMachine.Whole,
        ["small"] = FakeMachine.Small,
        ["powerless"] = FakeMachine.Powerless,
    };

    private static readonly BalancerPart Maglev = BalancerPart.Of(BalanceAlgorithm.Maglev)!;

    /// <summary>One fact of a whole machine that is otherwise, and the thing that tells.</summary>
    private static readonly Dictionary<string, MachineFacts> Lacks = new(StringComparer.Ordinal)
    {
        ["ip_vs"] = FakeMachine.Whole with { NoBalancer = IpvsPlane.NoModule },
        ["ip_vs schedulers"] = FakeMachine.Whole with { LackingParts = [Maglev] },
        ["firewall marks"] = FakeMachine.Whole with { NoMarks = "no" },
        ["source NAT"] = FakeMachine.Whole with { NoSources = "no" },
        ["vlan interfaces"] = FakeMachine.Whole with { LackingKinds = One("vlan", "8021q") },
        ["dummy interfaces"] = FakeMachine.Whole with { LackingKinds = One("dummy", "dummy") },
        ["interface eth0"] = FakeMachine.Whole with { AbsentInterfaces = One("eth0", "it is down") },
        ["network of 203.0.113.80"] = FakeMachine.Whole with { AbsentNetworks = One("203.0.113.80", "no") },
        ["CAP_NET_ADMIN"] = FakeMachine.Whole with { MayAdministerNetwork = false },
        ["marked sockets"] = FakeMachine.Whole with { MayMarkSockets = false },
        ["transparent sockets"] = FakeMachine.Whole with { MayBeTransparent = false },
        ["ICMP sockets"] = FakeMachine.Whole with { MaySendEchoes = false },
        ["ports below 1024"] = FakeMachine.Whole with { MayBindLowPorts = false },
        ["kernel parameters"] = FakeMachine.Whole with
        {
            Parameters = [new(new("net/ipv4/conf/eth1/forwarding", "1"), "0", CanBeSet: false)],
        },
        ["group fulcrum"] = FakeMachine.Whole with { HasGroup = false },
        ["state directory"] = FakeMachine.Whole with { NoState = "no" },
    };

    public static TheoryData<string, string> Screens =>
        new()
        {
            { "doctor", "whole" },
            { "doctor", "small" },
            { "doctor edge.yaml", "whole" },
            { "doctor edge.yaml", "small" },
            { "doctor edge.yaml", "powerless" },
            { "doctor edge.yaml -o json", "small" },
            { "doctor edge.yaml -o yaml", "powerless" },
        };

    public static TheoryData<string> Things => [.. Lacks.Keys];

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task Every_screen_is_as_somebody_has_approved_it(string line, string machine)
    {
        foreach (var width in new[] { 80, 160 })
        {
            var prompt = new Prompt { Width = width, Machine = new FakeMachine(Machines[machine]) };
            prompt.Variables["NO_COLOR"] = "1";
            var exit = await prompt.Type([.. line.Split(' ').Select(word => word == "edge.yaml" ? Edge : word)]);
            Assert.Equal("", prompt.Errors);
            Assert.Equal(machine == "whole" ? 0 : 1, exit);
            Golden.Matches(
                $"{width}/{line} ({machine}).txt",
                $"$ fulcrum {line}\n{prompt.Output.Replace(Edge, "edge.yaml", StringComparison.Ordinal)}"
            );
        }
    }

    [Theory]
    [MemberData(nameof(Things))]
    public async Task What_lacks_is_one_thing_with_those_who_need_it_and_a_mend(string name)
    {
        var needs = await Asked();
        var thing = Assert.Single(Diagnosis.Of(needs, Lacks[name]), thing => thing.State != ThingState.Fine);
        Assert.Equal((name, ThingState.Lacking), (thing.Name, thing.State));
        Assert.NotEmpty(thing.NeededBy);
        Assert.NotEqual("", thing.Mend ?? "");
    }

    [Fact]
    public void A_module_that_the_disk_has_is_loaded_and_of_another_it_is_said_that_there_is_none()
    {
        var facts = FakeMachine.Whole with { LackingParts = [Maglev] };
        Assert.Contains("modprobe -a ip_vs_mh", Mend(facts), StringComparison.Ordinal);
        facts = facts with { Modules = new HashSet<string>(StringComparer.Ordinal) };
        Assert.Contains("/lib/modules/6.12.41+deb13-amd64 has no ip_vs_mh", Mend(facts), StringComparison.Ordinal);

        string Mend(MachineFacts machine) => Diagnosis.Of(Needs.Everything, machine)[0].Mend!;
    }

    [Fact]
    public async Task A_scheduler_that_lacks_is_needed_by_those_who_balance_by_it()
    {
        var things = Diagnosis.Of(await Asked(), FakeMachine.Whole with { LackingParts = [Maglev] });
        Assert.Equal(["service/shop"], things[0].NeededBy);
        Assert.Equal("the kernel has no ip_vs_mh", things[0].Found);
    }

    [Fact]
    public async Task Parameters_that_the_node_sets_by_itself_are_fine()
    {
        var facts = FakeMachine.Whole with
        {
            Parameters = [new(new("net/ipv4/conf/eth1/forwarding", "1"), "0", CanBeSet: true)],
        };
        var thing = Assert.Single(Diagnosis.Of(await Asked(), facts), thing => thing.Name == "kernel parameters");
        Assert.Equal((ThingState.Fine, "the node sets 1 of them"), (thing.State, thing.Found));
    }

    [Fact]
    public async Task A_file_that_is_not_valid_is_told_of_as_by_validate()
    {
        using var folder = new TemporaryDirectory();
        folder.Write("broken.yaml", "services: { web: { listn: tcp://127.0.0.1:80 } }");
        var (doctor, validate) = (new Prompt(), new Prompt());
        Assert.Equal(1, await doctor.Type("doctor", folder.PathOf("broken.yaml")));
        Assert.Equal(1, await validate.Type("validate", folder.PathOf("broken.yaml")));
        Assert.StartsWith(doctor.Errors, validate.Errors, StringComparison.Ordinal);
        Assert.Contains("listn", doctor.Errors, StringComparison.Ordinal);
        Assert.Equal("", doctor.Output);
    }

    private static async Task<Needs> Asked()
    {
        var machine = new FakeMachine();
        await new Prompt { Machine = machine }.Type("doctor", Edge);
        return machine.Asked!;
    }

    private static Dictionary<string, string> One(string key, string value) =>
        new(StringComparer.Ordinal) { [key] = value };
}
