using Fulcrum.Model.Nodes;

namespace Fulcrum.Engine.Ports;

/// <summary>Hears what this node is for an announcement that elects (VRRP, neighbor, lease), on any thread.</summary>
public interface IRoleListener
{
    void OnRole(string announcement, Role role);
}
