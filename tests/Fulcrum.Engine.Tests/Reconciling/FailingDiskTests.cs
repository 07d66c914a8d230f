using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Model;
using Fulcrum.Model.Policies;
using Fulcrum.Model.Services;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.TestKit.Simulation;
using static Fulcrum.Engine.Tests.Snapshots;

namespace Fulcrum.Engine.Tests.Reconciling;

/// <summary>A disk that keeps nothing costs those who need something kept, and nobody else.</summary>
public sealed class FailingDiskTests
{
    private const string Named = "new.example.com";

    private readonly SimulatedNode _node = new SimulatedNode("lb1", 1, PlaneOffer.Ipvs).Start();

    public FailingDiskTests()
    {
        var nat = new Policy { Forward = Forwarding.Nat, Checks = [TcpCheck] };
        var late = new Backend { Address = HostAddress.Of(Named), Port = 80 };
        var snapshot = Web(nat, Backend("10.0.0.1"), Backend("10.0.0.2"), late);
        Apply(snapshot);
    }

    [Fact]
    public void The_dead_are_taken_out_and_the_new_wait_for_their_numbers()
    {
        _node.Disk.Before = (_, _) => throw new IOException("Input/output error");
        NewsComes();
        Assert.Equal([BackendDuty.Rest, BackendDuty.Serve, BackendDuty.Rest], Duties);
        Assert.Equal([1, 2, null], Numbers);

        _node.Disk.Before = null;
        _node.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal([BackendDuty.Rest, BackendDuty.Serve, BackendDuty.Serve], Duties);
        Assert.Equal([1, 2, 3], Numbers);
    }

    [Fact]
    public void A_disk_that_hangs_is_given_up_and_what_it_did_after_all_is_put_right()
    {
        var answer = new TaskCompletionSource();
        _node.Disk.Before = (_, _) => answer.Task;
        NewsComes();
        Assert.Equal([BackendDuty.Serve, BackendDuty.Serve, BackendDuty.Rest], Duties);
        _node.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal([BackendDuty.Rest, BackendDuty.Serve, BackendDuty.Rest], Duties);
        Assert.Equal([1, 2, null], Numbers);

        // The one that would have had number 3 is gone when the disk comes back: the journal says so, too.
        _node.Do(() => _node.Engine.OnName(Named, []));
        _node.Disk.Before = null;
        _node.Do(answer.SetResult);
        _node.Do(() => _node.Engine.OnName(Named, [IPAddress.Parse("10.0.0.9")]));
        _node.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal([1, 2, 3], Numbers);
        var owners = _node.Engine.State.Ledger.Entries.Select(entry => (entry.Key.Owner, entry.Value.Value)).Order();
        _node.Kill(new Random(1));
        _node.Start();
        Assert.Equal(
            owners,
            _node.Engine.State.Ledger.Entries.Select(entry => (entry.Key.Owner, entry.Value.Value)).Order()
        );
    }

    private IEnumerable<BackendDuty> Duties => Backends.Select(backend => backend.Duty);

    private IEnumerable<int?> Numbers => Backends.Select(backend => backend.Number);

    private Items<PlaneBackend> Backends => _node.Plane.Table.Services["web"]!.Listeners[0].Upstream.Backends;

    /// <summary>A backend dies, and another one gets its address.</summary>
    private void NewsComes() =>
        _node.Do(() =>
        {
            var dead = _node.Seekers.Probes.Keys.First(task => task.Address.Equals(IPAddress.Parse("10.0.0.1")));
            _node.Engine.OnHealth(dead, new(Verdict.Unhealthy, _node.Time.GetUtcNow(), "refused", null));
            _node.Engine.OnName(Named, [IPAddress.Parse("10.0.0.3")]);
        });

    private void Apply(Snapshot snapshot) =>
        Assert.True(
            _node.Run(() => _node.Engine.ApplyAsync(Source.File("edge.yaml"), snapshot, new() { By = "test" })).Applied
        );
}
