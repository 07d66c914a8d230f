using System.Net;
using Fulcrum.Model;
using Fulcrum.Model.Announcements;
using Fulcrum.Model.Planning;
using Fulcrum.Model.Routing;
using Fulcrum.Model.Services;
using Fulcrum.Model.Sources;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Engine.Tests.Sources;

/// <summary>Small objects for sources to bring.</summary>
internal static class Objects
{
    public static Source Edge { get; } = Source.File("edge.yaml");

    public static Source Cluster { get; } = new(SourceKind.Kubernetes, "c1");

    public static Source OtherCluster { get; } = new(SourceKind.Kubernetes, "c2");

    public static Source Docker { get; } = new(SourceKind.Discovery, "docker");

    /// <summary>These objects and nothing else.</summary>
    public static Snapshot Of(params INamed[] items) =>
        items.Aggregate(Snapshot.Empty, (whole, item) => SnapshotSection.KindOf(item).With(whole, item));

    public static Upstream Upstream(string name, int host = 1) =>
        new() { Name = name, Backends = [Snapshots.Backend($"10.0.0.{host}")] };

    public static Service Service(string name, string upstream, params int[] ports) =>
        new()
        {
            Name = name,
            Upstream = upstream,
            Listeners = Items.From(ports.Select(Snapshots.Tcp)),
        };

    public static Vip Vip(string name, int host) =>
        new() { Name = name, Addresses = [InterfaceAddress.Single(IPAddress.Parse($"192.0.2.{host}"))] };

    public static Announcement Vrrp(string name, int id, string vip) =>
        new()
        {
            Name = name,
            Select = new() { Vip = [vip] },
            Spec = new VrrpAnnouncement { Interface = "eth0", Id = id },
        };

    public static RouteList Goto(string name, params string[] targets) =>
        new()
        {
            Name = name,
            Routes = Items.From(
                targets.Select(target => new Route
                {
                    Match = new() { Method = ["GET"] },
                    Action = new Goto(target),
                })
            ),
        };
}
