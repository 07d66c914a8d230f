using System.Net;
using Fulcrum.Engine.Deriving.Upstreams;
using Fulcrum.Engine.Ports;
using Fulcrum.Model.Upstreams;

namespace Fulcrum.Api.Objects;

/// <summary>
/// A member of an upstream. Services that see it differently (their policies add checks of their own) show it at its
/// worst: that is what somebody looks for.
/// </summary>
/// <param name="Plane">Null: no service leads to its upstream.</param>
/// <param name="Fact">There where <paramref name="Plane"/> is.</param>
/// <param name="Configured">Null: it is gone from where it came from, and drains.</param>
internal sealed record MemberView(Upstream Upstream, PlaneBackend? Plane, BackendFact? Fact, Backend? Configured)
{
    public string Id => Plane?.Id ?? Configured!.Id;

    public string Name => $"{Upstream.Name}/{Id}";

    public string? Address =>
        Plane is null ? Configured?.EndpointText
        : Plane.Address is not { } address ? null
        : Plane.Port is { } port ? new IPEndPoint(address, port).ToString()
        : address.ToString();

    public bool IsWorseThan(MemberView other) =>
        (Plane!.Duty, Fact!.Verdict == Verdict.Unhealthy).CompareTo(
            (other.Plane!.Duty, other.Fact!.Verdict == Verdict.Unhealthy)
        ) > 0;
}
