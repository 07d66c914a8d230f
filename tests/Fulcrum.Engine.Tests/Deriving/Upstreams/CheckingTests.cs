using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Tests.Deriving.Upstreams;

public sealed class CheckingTests
{
    private static readonly Check Tcp = new() { Probe = new TcpProbe() };
    private static readonly Check Http = new() { Probe = new HttpProbe() };
    private static readonly Check Other = new()
    {
        Name = "other",
        Probe = new HttpProbe { Path = "/other" },
    };

    // What three checks say: H, X or ?, and - for one that is not there.
    [Theory]
    [InlineData("HHH", Verdict.Healthy, "healthy", "seesaw 3.2 rule 1: all")]
    [InlineData("HHX", Verdict.Unhealthy, "other: status 500", "seesaw 3.2 rule 1: all")]
    [InlineData("HXH", Verdict.Unhealthy, "http: status 500", "seesaw 3.2 rule 1: all")]
    [InlineData("XXX", Verdict.Unhealthy, "tcp: status 500", "seesaw 3.2 rule 1: all")]
    [InlineData("HH?", Verdict.Unknown, "not asked yet", "seesaw 3.2: a new check starts unknown")]
    [InlineData("?X?", Verdict.Unhealthy, "http: status 500", "seesaw 3.2 rule 1: all")]
    [InlineData("???", Verdict.Unknown, "not asked yet", "seesaw 3.2: a new check starts unknown")]
    [InlineData("H--", Verdict.Healthy, "healthy", "seesaw 3.2 rule 1: all")]
    [InlineData("---", Verdict.Healthy, "no checks: healthy by declaration", "seesaw 3.2 rule 7, 9: explicit")]
    public void All_checks_must_say_yes(string says, Verdict verdict, string reason, string source)
    {
        var scene = new Scene("H");
        Set(scene, says);
        var fact = scene.Fact("a");
        Assert.True(verdict == fact.Verdict, $"{source}: {fact.Verdict}");
        Assert.Equal(reason, fact.Reason.Text);
        Assert.Equal(verdict == Verdict.Unhealthy ? "R" : "S", scene.Duties);
    }

    // What is said before and after the checks change; a member that was up stays up while nothing says no.
    [Theory]
    [InlineData("HX-", "H--", "S", Verdict.Healthy, "seesaw 7.4: the last failing check is removed")]
    [InlineData("X--", "---", "S", Verdict.Healthy, "seesaw 7.4: the last failing check is removed")]
    [InlineData("XX-", "-X-", "R", Verdict.Unhealthy, "seesaw 7.4: another still fails")]
    [InlineData("H--", "H?-", "S", Verdict.Healthy, "seesaw 3.2: 4 of 4 stay active")]
    [InlineData("---", "?--", "S", Verdict.Healthy, "seesaw 3.2: 4 of 4 stay active")]
    [InlineData("H--", "HX-", "R", Verdict.Unhealthy, "seesaw 3.2: its first transition")]
    [InlineData("X--", "X?-", "R", Verdict.Unhealthy, "seesaw 3.2 rule 1: all")]
    [InlineData("X--", "-?-", "S", Verdict.Unknown, "seesaw 7.4: a failing check gives way to another")]
    public void Only_the_checks_of_now_count(string before, string after, string duty, Verdict verdict, string source)
    {
        var scene = new Scene("H");
        Set(scene, before);
        Set(scene, after);
        Assert.True(duty == scene.Duties, $"{source}: {scene.Duties}");
        Assert.True(verdict == scene.Last!.Verdict, $"{source}: {scene.Last.Verdict}");
    }

    [Fact]
    public void A_renamed_check_keeps_what_is_known()
    {
        var scene = new Scene("X");
        Set(scene, "X--");
        scene.Policy = new() { Checks = [Tcp with { Name = "alive" }] };
        _ = scene.Decide();
        Assert.Equal("alive: status 500", scene.Fact("a").Reason.Text);
        Assert.Equal("check/web/a/alive", scene.Fact("a").Reason.Cause!.ToString());
    }

    [Theory]
    [InlineData(null, null, null, 0, "no port at all: not asked")]
    [InlineData(9000, null, null, 9000, "seesaw 2.2: own port, else the entry's")]
    [InlineData(null, 8081, 8080, 8081, "seesaw 2.2: own port, else the backend's")]
    [InlineData(null, null, 8080, 8080, "seesaw 2.2: else the listener's")]
    public void The_port_asked_is_the_nearest(int? check, int? backend, int? listener, int asked, string source)
    {
        var scene = new Scene("H") { ListenerPort = listener };
        scene.Change("a", one => one with { Port = backend });
        scene.Policy = new() { Checks = [Tcp with { Port = check }] };
        _ = scene.Decide();
        var port = scene.Last!.Probes.IsEmpty ? 0 : scene.Last.Probes[0].Port;
        Assert.True(asked == port, $"{source}: {port}");
        Assert.Equal(asked == 0 ? Verdict.Healthy : Verdict.Unknown, scene.Fact("a").Verdict);
    }

    [Fact]
    public void An_echo_request_needs_no_port()
    {
        var scene = new Scene("H") { ListenerPort = null };
        scene.Change("a", one => one with { Port = null });
        scene.Policy = new() { Checks = [new() { Probe = new IcmpProbe() }] };
        Assert.Single(scene.Decide().Probes);
    }

    [Theory]
    [InlineData("H", true, "asked")]
    [InlineData("Hd", true, "rule 2: probing goes on for disabled ones")]
    [InlineData("Ht", true, "rule 2: probing goes on for terminating ones")]
    [InlineData("Hw0", true, "rule 2: probing goes on without weight")]
    [InlineData("Hp", false, "seesaw 2.2: not for planned ones")]
    public void Who_is_asked(string member, bool asked, string source) =>
        Assert.True(asked == (new Scene(member).Decide().Probes.Count == 1), source);

    [Fact]
    public void Overridden_ones_are_asked_and_removed_ones_are_not()
    {
        var scene = new Scene("H H").Answered();
        scene.Override(OverrideTargetKind.Backend, "web/a", OverrideAction.Disable);
        Assert.Equal(2, scene.Decide().Probes.Count);
        scene.Remove("b");
        Assert.Equal("DD", Duties(scene));
        Assert.Single(scene.Last!.Probes);

        static string Duties(Scene scene)
        {
            _ = scene.Decide();
            return scene.Duties;
        }
    }

    [Fact]
    public void A_member_whose_check_could_not_be_asked_waits_for_no_answer()
    {
        var scene = new Scene("H") { ListenerPort = null };
        scene.Change("a", one => one with { Port = null });
        scene.Policy = new() { Checks = [Tcp, Http with { Port = 9000 }] };
        _ = scene.Decide();
        scene.Say("a", Verdict.Healthy);
        _ = scene.Decide();
        Assert.Equal(("healthy", Verdict.Healthy), (scene.Fact("a").Reason.Text, scene.Last!.Verdict));
    }

    [Fact]
    public void A_name_is_where_its_first_address_is()
    {
        var scene = new Scene("H H").Answered();
        scene.Change("b", one => one with { Address = HostAddress.Of("b.example.com") });
        _ = scene.Decide();
        Assert.Equal("SRD", scene.Duties);
        Assert.Equal("no address for b.example.com yet", scene.Fact("b").Reason.Text);
        Assert.Equal(Verdict.Unknown, scene.Fact("b").Verdict);

        Items<IPAddress> addresses = [IPAddress.Parse("10.9.9.9"), IPAddress.Parse("10.0.0.2")];
        scene.Inputs = scene.Inputs with { Names = scene.Inputs.Names.With("b.example.com", new(addresses)) };
        _ = scene.Decide();
        Assert.Equal(
            (IPAddress.Parse("10.9.9.9"), BackendDuty.Serve),
            (scene.Plane("b").Address, scene.Plane("b").Duty)
        );
    }

    [Fact]
    public void One_without_an_address_is_not_enough_for_anything()
    {
        var scene = new Scene("H H1").Answered();
        scene.Change("a", one => one with { Address = HostAddress.Of("a.example.com") });
        Assert.Equal(Verdict.Healthy, scene.Decide().Verdict);
        Assert.Equal(BackendDuty.Serve, scene.Plane("b").Duty);
        scene.Remove("b");
        Assert.Equal(Verdict.Unhealthy, scene.Decide().Verdict);
    }

    [Fact]
    public void Members_of_the_file_come_before_the_discovered_ones()
    {
        var scene = new Scene("H Hp");
        Backend Found(string name, string address) => Snapshots.Backend(address) with { Name = name };
        DiscoveredMembers found = new([
            Found("a", "10.1.0.1"),
            Found("b", "10.1.0.2"),
            Found("z", "10.1.0.3"),
            Found("z", "10.1.0.4"),
        ]);
        scene.Inputs = scene.Inputs with { Members = scene.Inputs.Members.With(Scene.Name, found) };
        _ = scene.Decide();
        Assert.Equal(
            ["a 10.0.0.1", "z 10.1.0.3"],
            scene.Last!.Plane.Backends.Select(backend => $"{backend.Id} {backend.Address}")
        );
    }

    private static void Set(Scene scene, string says)
    {
        Check[] checks = [Tcp, Http, Other];
        scene.Policy = new Policy { Checks = Items.From(checks.Where((_, i) => says[i] != '-')) };
        _ = scene.Decide();
        var at = 0;
        foreach (var one in says.Where(one => one != '-'))
        {
            if (one != '?')
            {
                scene.Say(
                    "a",
                    one == 'H' ? Verdict.Healthy : Verdict.Unhealthy,
                    at,
                    why: one == 'H' ? null : "status 500"
                );
            }

            at++;
        }

        _ = scene.Decide();
    }
}
