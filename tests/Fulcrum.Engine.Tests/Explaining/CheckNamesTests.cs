using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Explaining;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Values;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests.Explaining;

public sealed class CheckNamesTests
{
    [Fact]
    public void Every_task_has_the_names_of_all_checks_that_ask_it()
    {
        var twice = new Check { Name = "again", Probe = new TcpProbe() };
        var other = new Check
        {
            Name = "slow",
            Probe = new TcpProbe(),
            Timing = new() { Interval = TimeSpan.FromMinutes(1) },
        };
        var icmp = new Check { Probe = new IcmpProbe(), Port = 7 };
        var names = NamesOf([twice, TcpCheck, other, icmp]);
        Assert.Equal(["web/10.0.0.1:80/again", "web/10.0.0.1:80/tcp"], names[0]);
        Assert.Equal(["web/10.0.0.1:80/slow"], names[1]);
        Assert.Equal(["web/10.0.0.1:80/icmp/7"], names[2]);
        Assert.Equal(3, names.Count);
    }

    [Theory]
    [InlineData("web", true)]
    [InlineData("web/one", true)]
    [InlineData("web/one/tcp", true)]
    [InlineData("we", false)]
    [InlineData("web/on", false)]
    [InlineData("web/one/tcp/81", false)]
    [InlineData("web/", false)]
    public void A_name_is_under_whole_parts_of_it(string prefix, bool expected) =>
        Assert.Equal(expected, CheckNames.IsUnder("web/one/tcp", prefix));

    private static List<List<string>> NamesOf(Items<Check> checks)
    {
        var inputs = EngineInputs.Nothing with { Snapshot = Web(new Policy { Checks = checks }, Backend("10.0.0.1")) };
        var state = Deriver.Derive(inputs, DerivedState.Initial, Scenes.Noon).Next;
        var names = CheckNames.Of(state);
        return
        [
            .. state
                .Desired.Probes.Keys.OrderBy(task => (task.Probe.Kind == "icmp", task.Interval))
                .Select(task => names[task].ToList()),
        ];
    }
}
