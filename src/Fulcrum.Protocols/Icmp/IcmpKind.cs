namespace Fulcrum.Protocols.Icmp;

public enum IcmpKind
{
    /// <summary>Nothing about an echo request.</summary>
    None,
    EchoReply,

    /// <summary>An echo request did not arrive.</summary>
    Unreachable,
}
