namespace Fulcrum.Linux.Netlink.Addresses;

/// <summary>What is so about an address of an interface (IFA_F_*).</summary>
[Flags]
public enum InterfaceAddressFlags : uint
{
    None = 0,

    /// <summary>IPv4: the interface has another of the same prefix; IPv6: temporary.</summary>
    Secondary = 0x01,

    /// <summary>Nobody on the link is asked whether the address is taken already (RFC 4862 section 5.4).</summary>
    NoDuplicateDetection = 0x02,
    Optimistic = 0x04,
    DuplicateFound = 0x08,
    HomeAddress = 0x10,

    /// <summary>Its preferred time is over: no new connections start from it.</summary>
    Deprecated = 0x20,

    /// <summary>It is not yet known whether it is taken already.</summary>
    Tentative = 0x40,

    /// <summary>It has no end; the kernel says so by itself.</summary>
    Permanent = 0x80,
    ManageTemporary = 0x100,

    /// <summary>The kernel makes no route to the address's prefix.</summary>
    NoPrefixRoute = 0x200,
    MulticastAutoJoin = 0x400,
    StablePrivacy = 0x800,
}
