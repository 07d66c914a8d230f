using System.Net;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Discovery;
using Fulcrum.Model.Nodes;
using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Deriving;

/// <summary>What shall be so.</summary>
public sealed record Desired
{
    public static Desired Nothing { get; } = new();

    public Map<PlaneKind, PlaneTable> Planes { get; init; } = Map<PlaneKind, PlaneTable>.Empty;

    public Map<ProbeTask, ProbeTask> Probes { get; init; } = Map<ProbeTask, ProbeTask>.Empty;

    /// <summary>Names whose addresses are needed.</summary>
    public Map<string, string> Names { get; init; } = Map<string, string>.Empty;

    /// <summary>By the upstream whose members they find.</summary>
    public Map<string, DiscoverySpec> Discoveries { get; init; } = Map<string, DiscoverySpec>.Empty;

    /// <summary>By name. They wait for nobody, and who needs one waits for it by itself.</summary>
    public Map<string, Interface> Interfaces { get; init; } = Map<string, Interface>.Empty;

    public Map<IPAddress, RaisedAddress> Addresses { get; init; } = Map<IPAddress, RaisedAddress>.Empty;

    public Map<AnnouncementKey, AnnouncedAddress> Announcements { get; init; } =
        Map<AnnouncementKey, AnnouncedAddress>.Empty;

    /// <summary>The table of one plane; an empty one when nothing is meant for it.</summary>
    public PlaneTable TableOf(PlaneKind plane) => Planes[plane] ?? PlaneTable.Empty;

    /// <summary>Every part is the same object.</summary>
    internal bool IsSameAs(Desired other) =>
        ReferenceEquals(Planes, other.Planes)
        && ReferenceEquals(Probes, other.Probes)
        && ReferenceEquals(Names, other.Names)
        && ReferenceEquals(Discoveries, other.Discoveries)
        && ReferenceEquals(Interfaces, other.Interfaces)
        && ReferenceEquals(Addresses, other.Addresses)
        && ReferenceEquals(Announcements, other.Announcements);
}

/// <summary>A decision: what shall be, what to remember, and when to think again without being asked.</summary>
/// <remarks>The reasons of every fact stand in <see cref="DerivedState"/>, beside the fact.</remarks>
public sealed record Derivation(Desired Desired, DerivedState Next, DateTimeOffset? WakeAt);
