using System.Net;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Services;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Model.Tests;

public sealed class SnapshotDiffTests
{
    [Fact]
    public void Equal_snapshots_differ_in_nothing() => Assert.True(SnapshotDiff.Between(Web(1, 2), Web(1, 2)).IsEmpty);

    [Fact]
    public void A_changed_weight_is_a_changed_backend_and_nothing_else() =>
        Assert.Equal(["~ backends/web/10.0.0.2"], Changes(Web(1, 2), Web(1, 5)));

    [Fact]
    public void Backends_come_and_go() =>
        Assert.Equal(
            ["- backends/web/10.0.0.2", "+ backends/web/10.0.0.3"],
            Changes(Web(1, 2), Web(1, 0, 1)).Order(StringComparer.Ordinal).Reverse()
        );

    [Fact]
    public void An_upstream_that_changes_itself_is_named_with_its_backends()
    {
        var after = Web(1, 5);
        after = after with
        {
            Upstreams = after.Upstreams.With(after.Upstreams[0] with { BroadcastBy = "labels.room" }),
        };
        Assert.Equal(["~ upstreams/web", "~ backends/web/10.0.0.2"], Changes(Web(1, 2), after));
    }

    [Fact]
    public void Objects_come_go_and_change()
    {
        var before = Web(1) with
        {
            Services = Named<Service>.From([new() { Name = "a" }, new() { Name = "b" }]),
            Group = "x",
        };
        var after = Web(1) with
        {
            Services = Named<Service>.From([new() { Name = "b", Together = true }, new() { Name = "c" }]),
            Group = "y",
        };
        Assert.Equal(["~ group", "~ services/b", "+ services/c", "- services/a"], Changes(before, after));
    }

    private static List<string> Changes(Snapshot before, Snapshot after) =>
        [.. SnapshotDiff.Between(before, after).Changes.Select(change => change.ToString())];

    // Backend 10.0.0.N has the N-th weight; 0: it is not there.
    private static Snapshot Web(params int[] weights) =>
        Snapshot.Empty with
        {
            Upstreams = Named<Upstream>.From([
                new()
                {
                    Name = "web",
                    Backends = Items.From(
                        weights
                            .Select(
                                (weight, i) =>
                                    new Backend
                                    {
                                        Address = HostAddress.Of(IPAddress.Parse($"10.0.0.{i + 1}")),
                                        Weight = weight,
                                    }
                            )
                            .Where(backend => backend.Weight > 0)
                    ),
                },
            ]),
        };
}
