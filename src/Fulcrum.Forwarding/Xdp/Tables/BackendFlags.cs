namespace Fulcrum.Forwarding.Xdp.Tables;

[Flags]
internal enum BackendFlags : byte
{
    None = 0,

    /// <summary>Else its flows are chosen for anew, at once.</summary>
    Up = 1,

    /// <summary>Its flows stay, but a new connection never does. Its ring is without it, too.</summary>
    Drains = 2,

    /// <summary>Its address is one of IPv6.</summary>
    IsIPv6 = 4,
}
