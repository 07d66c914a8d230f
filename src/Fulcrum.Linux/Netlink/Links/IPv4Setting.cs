namespace Fulcrum.Linux.Netlink.Links;

/// <summary>How IPv4 is done on an interface (IPV4_DEVCONF_*): what <c>net.ipv4.conf</c> has as files.</summary>
public enum IPv4Setting : ushort
{
    /// <summary>Which of our addresses the interface speaks of when it asks for others'.</summary>
    ArpAnnounce = 18,

    /// <summary>Which of our addresses the interface answers for.</summary>
    ArpIgnore = 19,

    /// <summary>When the first address of a network goes, the next takes its place; otherwise all go with it.</summary>
    PromoteSecondaries = 20,
}
