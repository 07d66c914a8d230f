using Fulcrum.Model.Discovery;
using Fulcrum.Model.Upstreams;
using Fulcrum.Model.Values;

namespace Fulcrum.Engine.Ports;

/// <summary>Finds members of upstreams.</summary>
public interface IDiscovery
{
    /// <summary>From now on these and no others, by the upstream's name.</summary>
    void Apply(Map<string, DiscoverySpec> wanted);
}

/// <summary>Hears of every change of the members that a discovery has found, on any thread.</summary>
public interface IMemberListener
{
    void OnMembers(string upstream, Items<Backend> members);
}
