using Fulcrum.Engine.Ports;
using Fulcrum.Linux.Netlink.Addresses;

namespace Fulcrum.Forwarding.Vips;

/// <summary>An address of ours and what we made of it.</summary>
/// <param name="Raised">As the engine wanted it; of one that a former run left, as it looks.</param>
/// <param name="Kernel">As it was written; null: it is to stand nowhere.</param>
/// <param name="RenewAt">When the kernel is to be told that it is still wanted; null: never.</param>
/// <param name="IsComing">It is not known yet whether another machine has it.</param>
internal sealed record StandingAddress(
    RaisedAddress Raised,
    InterfaceAddress? Kernel,
    DateTimeOffset? RenewAt,
    bool IsComing = false
)
{
    public bool IsAt(InterfaceAddress seen) =>
        Kernel is not null && Kernel.Interface == seen.Interface && Kernel.PrefixLength == seen.PrefixLength;
}
