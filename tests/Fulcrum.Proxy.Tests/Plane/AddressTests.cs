using System.Net;
using System.Net.Sockets;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Services;

namespace Fulcrum.Proxy.Tests.Plane;

/// <summary>Which service has an address, when several want it or it passes from one to another.</summary>
public sealed class AddressTests
{
    [Theory]
    [InlineData("first", false)]
    [InlineData("first", true)]
    [InlineData("z last", false)]
    [InlineData("z last", true)]
    public async Task Who_has_an_address_keeps_it_against_who_comes(string newcomer, bool ownerChanges)
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        var owner = harness.Service(PlaneHarness.FreePort(), PlaneHarness.Backend(listener.LocalEndPoint!));
        await harness.ApplyAsync(harness.Table(owner));
        var before = (harness.Plane.Generation, Sockets.Count());

        var table = harness.Table(
            ownerChanges ? owner with { Mark = 1 } : owner,
            owner with
            {
                Name = newcomer,
                Listeners = [harness.Service(PlaneHarness.FreePort()).Listeners[0], owner.Listeners[0]],
            }
        );
        var refusal = await Assert.ThrowsAsync<PlaneRefusedException>(() => harness.ApplyAsync(table));

        var problem = Assert.Single(refusal.Problems);
        Assert.Equal($"services.{newcomer}.listen[1]", problem.Path);
        Assert.Equal($"{owner.Listeners[0].Listener} is taken by service 's'", problem.Message);
        Assert.Equal(before, (harness.Plane.Generation, Sockets.Count()));
    }

    [Fact]
    public async Task Of_two_that_come_together_the_second_by_name_is_told()
    {
        await using var harness = new PlaneHarness();
        var one = harness.Service(PlaneHarness.FreePort());
        foreach (var other in new[] { "a", "t" })
        {
            var table = harness.Table(one, one with { Name = other });
            var refusal = await Assert.ThrowsAsync<PlaneRefusedException>(() => harness.ApplyAsync(table));
            var problem = Assert.Single(refusal.Problems);
            Assert.Equal(other == "a" ? "services.s.listen[0]" : "services.t.listen[0]", problem.Path);
        }
    }

    [Fact]
    public async Task A_service_that_listens_twice_on_one_address_is_told()
    {
        await using var harness = new PlaneHarness();
        var one = harness.Service(PlaneHarness.FreePort());
        await harness.ApplyAsync(harness.Table(one));
        var twice = harness.Table(one with { Listeners = [one.Listeners[0], one.Listeners[0]] });
        var refusal = await Assert.ThrowsAsync<PlaneRefusedException>(() => harness.ApplyAsync(twice));
        Assert.Equal("services.s.listen[1]", Assert.Single(refusal.Problems).Path);
    }

    [Fact]
    public async Task All_who_want_what_a_stranger_has_are_told()
    {
        await using var harness = new PlaneHarness();
        using var stranger = Sockets.Listen();
        var one = harness.Service(((IPEndPoint)stranger.LocalEndPoint!).Port);
        var table = harness.Table(one, one with { Name = "t" });
        var refusal = await Assert.ThrowsAsync<PlaneRefusedException>(() => harness.ApplyAsync(table));
        Assert.Equal(
            ["services.s.listen[0]", "services.t.listen[0]"],
            refusal.Problems.Select(problem => problem.Path)
        );
    }

    [Fact]
    public async Task Two_services_change_places_and_no_socket_is_opened()
    {
        await using var harness = new PlaneHarness();
        using var left = Sockets.Listen();
        using var right = Sockets.Listen();
        var a = harness.Service(PlaneHarness.FreePort(), PlaneHarness.Backend(left.LocalEndPoint!)) with { Name = "a" };
        var b = harness.Service(PlaneHarness.FreePort(), PlaneHarness.Backend(right.LocalEndPoint!)) with
        {
            Name = "b",
        };
        await harness.ApplyAsync(harness.Table(a, b));
        var before = Sockets.Count();
        await harness.ApplyAsync(
            harness.Table(a with { Listeners = [Moved(a, b)] }, b with { Listeners = [Moved(b, a)] })
        );
        Assert.Equal(before, Sockets.Count());
        Assert.True(harness.Plane.Generation.Closing.IsEmpty);
        using var client = await Sockets.ConnectAsync(EndPointOf(b));
        using var server = await left.AcceptOneAsync();
        using var other = await Sockets.ConnectAsync(EndPointOf(a));
        using var otherServer = await right.AcceptOneAsync();
    }

    [Fact]
    public async Task A_preparation_that_is_given_up_takes_nothing_from_anybody()
    {
        await using var harness = new PlaneHarness();
        using var listener = Sockets.Listen();
        var a = harness.Service(PlaneHarness.FreePort(), PlaneHarness.Backend(listener.LocalEndPoint!));
        var tables = (With: harness.Table(a), Without: harness.Table(a with { Name = "b" }));
        await harness.ApplyAsync(tables.With);
        var before = harness.Plane.Generation;
        await using (await harness.Plane.PrepareAsync(tables.Without, TestContext.Current.CancellationToken)) { }
        Assert.Same(before, harness.Plane.Generation);
        await harness.ApplyAsync(harness.Table(a));
        Assert.Equal(before.Bindings, harness.Plane.Generation.Bindings);
        using var client = await Sockets.ConnectAsync(EndPointOf(a));
        using var server = await listener.AcceptOneAsync();
    }

    [Theory]
    [InlineData(ListenerProtocol.Tcp)]
    [InlineData(ListenerProtocol.Udp)]
    public async Task A_wildcard_comes_beside_an_address_of_its_port(ListenerProtocol protocol)
    {
        var type = protocol == ListenerProtocol.Tcp ? ProtocolType.Tcp : ProtocolType.Udp;
        await using var harness = new PlaneHarness();
        var one = harness.Service(protocol, IPAddress.Loopback, PlaneHarness.FreePort(type));
        var port = one.Listeners[0].Listener.Ports.First;
        var any = harness.Service(protocol, IPAddress.Any, port) with { Name = "any" };
        await harness.ApplyAsync(harness.Table(one));
        await harness.ApplyAsync(harness.Table(one, any));
        Assert.Equal(2, harness.Plane.Generation.Bindings.Count);
    }

    private static PlaneListener Moved(PlaneService from, PlaneService to) =>
        from.Listeners[0] with
        {
            Listener = to.Listeners[0].Listener,
        };

    private static IPEndPoint EndPointOf(PlaneService service) =>
        new(IPAddress.Loopback, service.Listeners[0].Listener.Ports.First);
}
