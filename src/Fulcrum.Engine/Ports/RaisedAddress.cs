using System.Net;
using Fulcrum.Model.Values;
using Fulcrum.Model.Vips;

namespace Fulcrum.Engine.Ports;

/// <summary>An address of a vip on this node. Its key is the address: several vips may share one.</summary>
/// <param name="Address">With the length of its network.</param>
/// <param name="On">Where it stands.</param>
/// <param name="Lifetime">The kernel drops it when it is not renewed for so long. Null: it keeps it.</param>
public sealed record RaisedAddress(InterfaceAddress Address, VipPlace On, TimeSpan? Lifetime)
{
    /// <summary>
    /// Other nodes have it too, or had it a moment ago: nobody on the link is asked whether it is taken already.
    /// </summary>
    public bool IsShared { get; init; }

    /// <summary>All nodes have it at once, and none of them speaks for it.</summary>
    public bool IsOnEveryNode { get; init; }

    /// <summary>The router that answers from it leave by. Null: they go as everything does.</summary>
    public IPAddress? Gateway { get; init; }

    public IPAddress Key => Address.Address;
}
