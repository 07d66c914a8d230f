using Fulcrum.Model.Services;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Ports;

/// <summary>What a plane can do.</summary>
/// <param name="Kind">Which plane.</param>
/// <param name="Forwardings">The forwardings that it carries.</param>
public sealed record PlaneOffer(PlaneKind Kind, Items<Forwarding> Forwardings)
{
    public static PlaneOffer Proxy { get; } = new(PlaneKind.Proxy, [Forwarding.Proxy]);
}
