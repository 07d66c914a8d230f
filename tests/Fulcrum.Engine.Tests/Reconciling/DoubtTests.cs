using System.Net;
using Fulcrum.Engine.Deriving.Vips;
using Fulcrum.Model;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Overrides;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;
using Fulcrum.TestKit.Simulation;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests.Reconciling;

/// <summary>While nobody knows whether an address stands, nobody is led to it, and its service stays.</summary>
public sealed class DoubtTests
{
    private static readonly IPAddress Address = IPAddress.Parse("192.0.2.80");
    private readonly SimulatedNode _node = new SimulatedNode().Start();
    private TaskCompletionSource _hang = new();

    [Fact]
    public void A_service_stays_while_the_removal_of_its_address_hangs()
    {
        Apply(Raised());
        Hang("address: -");
        Apply(Raised() with { Services = Named<Service>.Empty, Vips = Named<Vip>.Empty });
        Assert.True(_node.Plane.Table.Services.ContainsKey("web"));
        Release();
        Assert.Empty(_node.Addresses.Present);
        Assert.False(_node.Plane.Table.Services.ContainsKey("web"));
    }

    [Fact]
    public void Nothing_is_announced_while_the_removal_of_the_address_hangs()
    {
        Apply(Raised());
        Hang("address: -");
        Apply(Raised() with { Vips = Named<Vip>.Empty });
        _node.Told.Clear();

        // It is wanted again, and announced: that waits, as it may be gone any moment.
        Apply(Told());
        Assert.Equal(VipState.Raising, _node.Engine.State.Vips["web"]!.State);
        Assert.Empty(_node.Announcements.Present);
        Release();
        Assert.Equal(VipState.Up, _node.Engine.State.Vips["web"]!.State);
        var told = _node.Told.Entries.Where(line => !line.StartsWith("proxy", StringComparison.Ordinal));
        Assert.Equal(["address: - 192.0.2.80", "address: + 192.0.2.80", "announcement: + n/192.0.2.80"], told);
    }

    [Fact]
    public void An_address_that_may_have_been_raised_is_looked_for_before_its_service_goes()
    {
        Hang("address: +");
        Apply(Raised());
        _node.Told.Clear();
        Apply(Raised() with { Services = Named<Service>.Empty, Vips = Named<Vip>.Empty });
        Assert.True(_node.Plane.Table.Services.ContainsKey("web"));
        Release();
        var told = _node.Told.Entries.Where(line => line.Contains(": - ", StringComparison.Ordinal)).Take(2);
        Assert.Equal(["address: - 192.0.2.80", "proxy: - service web"], told);
    }

    [Fact]
    public void What_failed_is_looked_at_before_it_is_tried_again()
    {
        _node.Told.Before = (entry, _) =>
            entry.StartsWith("address: +", StringComparison.Ordinal)
                ? throw new InvalidOperationException("bad day")
                : ValueTask.CompletedTask;
        Apply(Raised());
        _node.Told.Before = (_, _) => ValueTask.CompletedTask;

        // It was done all the same: that is found, and nothing is done again.
        _node.Addresses.Put(_node.Engine.State.Desired.Addresses[Address]!);
        _node.Told.Clear();
        _node.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(VipState.Up, _node.Engine.State.Vips["web"]!.State);
        Assert.DoesNotContain("address: + 192.0.2.80", _node.Told.Entries);
    }

    [Theory]
    [InlineData(UpWhen.Any)]
    [InlineData(UpWhen.All)]
    public void Who_is_the_last_to_be_drained_leaves_after_the_address(UpWhen upWhen)
    {
        var raised = Told();
        Service other = raised.Services[0] with { Name = "other", Listeners = [Tcp(81) with { Address = Address }] };
        var vip = raised.Vips[0] with { UpWhen = upWhen };
        Apply(raised with { Services = raised.Services.With(other), Vips = raised.Vips.With(vip) });
        Drain("other");
        _node.Advance(TimeSpan.FromSeconds(3));

        // With any, the vip stays for the other one.
        Assert.Equal(upWhen == UpWhen.Any, _node.Addresses.Present.Count == 1);
        Drain("web");
        _node.Advance(TimeSpan.FromSeconds(3));
        Assert.Empty(_node.Addresses.Present);
        var told = _node.Told.Entries.ToList();
        var lowered = told.IndexOf("address: - 192.0.2.80");
        var last = upWhen == UpWhen.Any ? "web" : "other";
        Assert.True(lowered < told.IndexOf($"proxy: - service {last}"), string.Join('\n', told));
    }

    private void Drain(string service)
    {
        var decision = new Override
        {
            Target = new(OverrideTargetKind.Service, service),
            Action = OverrideAction.Drain,
            Owner = "alice",
            Since = _node.Time.GetUtcNow(),
        };
        Assert.Null(_node.Run(() => _node.Engine.OverrideAsync(decision, CancellationToken.None)));
    }

    private void Hang(string operation) =>
        _node.Told.Before = (entry, cancellation) =>
            entry.StartsWith(operation, StringComparison.Ordinal) ? new(_hang.Task) : ValueTask.CompletedTask;

    private void Release()
    {
        _node.Told.Before = (_, _) => ValueTask.CompletedTask;
        _node.Do(_hang.SetResult);
    }

    private static Snapshot Raised()
    {
        var web = Web(Policy.Unset, Backend("10.0.0.1"));
        return web with
        {
            Services = web.Services.With(web.Services[0] with { Listeners = [Tcp(80) with { Address = Address }] }),
            Vips = Named<Vip>.From([new() { Name = "web", Addresses = [InterfaceAddress.Single(Address)] }]),
        };
    }

    private static Snapshot Told() =>
        Raised() with
        {
            Announcements = Named<Announcement>.From([
                new()
                {
                    Name = "n",
                    Select = VipSelection.Everything,
                    Spec = new BgpAnnouncement(),
                },
            ]),
        };

    private void Apply(Snapshot snapshot) =>
        Assert.True(
            _node
                .Run(() =>
                    _node.Engine.ApplyAsync(
                        Source.File("edge.yaml"),
                        snapshot,
                        new() { By = "test", AllowRemovals = true }
                    )
                )
                .Applied
        );
}
