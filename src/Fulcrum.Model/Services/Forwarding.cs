namespace Fulcrum.Model.Services;

/// <summary>What happens to the packets of a service.</summary>
public enum Forwarding
{
    /// <summary>User space: Fulcrum ends the client's connection and opens its own.</summary>
    Proxy,

    /// <summary>The kernel rewrites the destination; replies come back through Fulcrum.</summary>
    Nat,

    /// <summary>Direct server return: the frame goes to the backend's MAC address, which answers the client itself.</summary>
    Dsr,

    /// <summary>The packet goes to the backend inside another; the backend answers the client itself.</summary>
    Tunnel,

    /// <summary>Others forward: Fulcrum only gives, raises and announces the address.</summary>
    None,
}
