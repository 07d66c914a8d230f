using Fulcrum.Linux.Netlink.Addresses;
using Fulcrum.Linux.Netlink.Links;

namespace Fulcrum.Forwarding.Interfaces;

/// <summary>
/// How what Fulcrum makes is known as its own, also after a restart and without any file: by what the kernel keeps with
/// it.
/// <para>
/// Addresses have the number of their maker (IFA_PROTO, Linux 5.18). The kernel itself uses the first three, and
/// nobody else asked for any; ours is the letter F. Older kernels forget it, so vips have one more mark, which they keep
/// since 4.18: the priority of the route to the prefix. As it is a very large one, that route never wins over another
/// to the same network, which is just as it should be. The addresses of <c>interfaces</c> are ordinary ones with
/// ordinary routes, so that they have the first mark only: on an older kernel one that is no longer wanted is
/// left on an interface that we did not make.
/// </para>
/// <para>
/// Interfaces have a group, a number that is given with the very request that makes them, as an alias would not be.
/// </para>
/// <para>
/// All this says "Fulcrum", not which one: two of them that raise addresses need network namespaces of their own.
/// </para>
/// </summary>
internal static class OwnMarks
{
    /// <summary>"F".</summary>
    public const byte VipProtocol = 0x46;

    /// <summary>"G".</summary>
    public const byte InterfaceProtocol = 0x47;

    /// <summary>"H".</summary>
    public const byte WideProtocol = 0x48;

    /// <summary>"FULC".</summary>
    public const uint VipRoutePriority = 0x46554C43;

    /// <summary>"FULC".</summary>
    public const uint LinkGroup = 0x46554C43;

    public static bool IsVip(InterfaceAddress address) =>
        address.Protocol == VipProtocol || address.RoutePriority == VipRoutePriority;

    public static bool IsOfInterface(InterfaceAddress address) => address.Protocol == InterfaceProtocol;

    public static bool IsOurs(NetworkLink link) => link.Group == LinkGroup;
}
