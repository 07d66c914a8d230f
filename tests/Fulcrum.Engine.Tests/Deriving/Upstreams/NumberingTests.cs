using System.Net;
using Fulcrum.Engine.Deriving;
using Fulcrum.Engine.Deriving.Numbers;
using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Checks;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Tests.Deriving.Upstreams;

public sealed class NumberingTests
{
    private static readonly Check Through = new() { Probe = new TcpProbe(), Via = CheckVia.Forwarding };

    [Theory]
    [InlineData(null, false)]
    [InlineData(Forwarding.Proxy, false)]
    [InlineData(Forwarding.None, false)]
    [InlineData(Forwarding.Nat, true)]
    [InlineData(Forwarding.Dsr, true)]
    [InlineData(Forwarding.Tunnel, true)]
    public void Planes_in_the_kernel_know_backends_by_numbers(Forwarding? forward, bool numbered)
    {
        var scene = With(forward, "H H", Through);
        Assert.Equal("SS", scene.Duties);
        Assert.Equal(numbered ? 2 : 0, Numbers(scene).OfType<int>().Distinct().Count());
        Assert.Equal(numbered ? 2 : 0, Marks(scene).OfType<int>().Distinct().Count());
        Assert.Equal(numbered ? 4 : 0, scene.Last!.Numbers.Count);
        // The probe goes to the vip, and its source is chosen towards the backend.
        Assert.Equal(
            numbered ? ["10.0.0.1", "10.0.0.2"] : ["", ""],
            scene.Last.Probes.Select(task => $"{task.Through}")
        );
    }

    [Fact]
    public void A_number_belongs_to_a_place_of_a_member_and_a_mark_to_its_machine()
    {
        var scene = With(Forwarding.Dsr, "H", Through);
        Assert.Equal(
            [new(NumberKind.Backend, "web/a@10.0.0.1:80"), new(NumberKind.ProbeMark, "web/a@10.0.0.1")],
            scene.Last!.Numbers
        );
        scene.Change("a", one => one with { Port = null });
        Assert.Contains(new NumberKey(NumberKind.Backend, "web/a@10.0.0.1:*"), scene.Decide().Numbers);
    }

    [Fact]
    public void Whatever_becomes_of_a_member_it_keeps_its_number_until_it_goes()
    {
        var scene = With(Forwarding.Nat, "H H", Through);
        var (number, mark) = (Numbers(scene)[1], Marks(scene)[1]);
        scene.Say("b", Verdict.Unhealthy);
        _ = scene.Decide();
        Assert.Equal((number, mark), (Numbers(scene)[1], Marks(scene)[1]));

        // One that is gone is not asked any more, but packets still carry its number.
        scene.Remove("b");
        _ = scene.Decide();
        Assert.Equal(("SD", number), (scene.Duties, Numbers(scene)[1]));
        Assert.Equal(3, scene.Last!.Numbers.Count);
        _ = scene.At(60).Decide();
        Assert.Equal(("S", 2), (scene.Duties, scene.Last.Numbers.Count));
    }

    [Fact]
    public void A_check_that_asks_directly_needs_no_mark_and_all_that_do_not_share_one()
    {
        var scene = With(Forwarding.Dsr, "H", Snapshots.TcpCheck, Through, Through with { Port = 81, Name = "other" });
        var marks = Marks(scene);
        Assert.Null(marks[0]);
        Assert.NotNull(marks[1]);
        Assert.Equal(marks[1], marks[2]);
    }

    /// <summary>seesaw 3.3: the probe goes to the vip, and its mark to one backend.</summary>
    [Fact]
    public void A_probe_through_the_plane_goes_to_the_vip_and_the_plane_knows_its_mark()
    {
        var scene = With(Forwarding.Dsr, "H H", Through);
        Assert.All(scene.Last!.Probes, task => Assert.Equal("tcp 192.0.2.80:8080", task.ToString()));
        Assert.Equal(Marks(scene), scene.Last.Plane.Backends.Select(backend => backend.ProbeMark));
        scene.ProbedAt = null;
        _ = scene.Decide();
        Assert.Empty(scene.Last.Probes);
        Assert.Equal(Verdict.Unknown, scene.Fact("a").Verdict);
    }

    [Fact]
    public void One_to_whom_no_number_can_be_given_cannot_be_reached()
    {
        var scene = new Scene("H", new() { Forward = Forwarding.Dsr });
        var context = scene.Context();
        var member = Roster.Of(context, null, scene.Now).Single();
        new Numbering(context, _ => null, DateTimeOffset.UnixEpoch).Set(member);
        Assert.Equal("no number can be given to it", member.Hindrance!.Text);
        Assert.False(member.CouldServe);
    }

    [Fact]
    public void One_that_cannot_be_asked_for_want_of_a_mark_is_unknown()
    {
        var scene = new Scene("H");
        for (var i = 0; scene.Numbers.Take(new(NumberKind.ProbeMark, $"other{i}")) is not null; i++)
        {
            Assert.True(i < 100_000, "marks have no end");
        }

        scene.Policy = new() { Forward = Forwarding.Dsr, Checks = [Through] };
        _ = scene.Decide();
        Assert.Empty(scene.Last!.Probes);
        Assert.Equal((Verdict.Unknown, "S"), (scene.Fact("a").Verdict, scene.Duties));
    }

    [Theory]
    [InlineData("192.0.2.80", 1)]
    [InlineData("0.0.0.0", 0)]
    [InlineData("::", 0)]
    [InlineData(null, 0)]
    public void Probes_go_through_the_plane_only_where_there_is_one_address_to_ask_at(string? address, int probes)
    {
        var policy = new Policy { Forward = Forwarding.Dsr, Checks = [Through] };
        var web = Snapshots.Web(policy, Snapshots.Backend("10.0.0.1"));
        var at = address is null ? null : IPAddress.Parse(address);
        Items<Listener> listeners = [Snapshots.Tcp(80) with { Address = at }];
        web = web with { Services = web.Services.With(web.Services[0] with { Listeners = listeners }) };
        var inputs = EngineInputs.Nothing with { Snapshot = web };
        var desired = Deriver.Derive(inputs, DerivedState.Initial, Scene.Start).Desired;
        Assert.Equal(Enumerable.Repeat(at, probes), desired.Probes.Keys.Select(task => task.Address));
    }

    private static Scene With(Forwarding? forward, string members, params Check[] checks)
    {
        var scene = new Scene(members, new() { Forward = forward, Checks = [.. checks] });
        _ = scene.Answered().Decide();
        return scene;
    }

    private static List<int?> Numbers(Scene scene) => [.. scene.Last!.Plane.Backends.Select(backend => backend.Number)];

    private static List<int?> Marks(Scene scene) => [.. scene.Last!.Probes.Select(task => task.Mark)];
}
