namespace Fulcrum.Model.Nodes;

/// <summary>Of a node, for one vip or VRRP instance.</summary>
public enum Role
{
    Standby,
    Active,

    /// <summary>It does not know enough to be active, and may not be.</summary>
    Fenced,
}
