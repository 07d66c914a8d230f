using Fulcrum.Model.Nodes;

namespace Fulcrum.Engine.Ports;

/// <summary>Everything that carries out what the engine decides, apart from the planes. Null: this node has none.</summary>
public sealed record NodePorts
{
    public required IProber Prober { get; init; }

    public required INameResolver Resolver { get; init; }

    public IDiscovery? Discovery { get; init; }

    public IObjectAdapter<RaisedAddress>? Addresses { get; init; }

    public IObjectAdapter<Interface>? Interfaces { get; init; }

    public IObjectAdapter<AnnouncedAddress>? Announcer { get; init; }

    public IChangeListener? Changes { get; init; }
}
