using System.Net;

namespace Fulcrum.Linux.Netlink.Addresses;

/// <summary>An address that stands on an interface.</summary>
public sealed record InterfaceAddress
{
    public required int Interface { get; init; }

    public required IPAddress Address { get; init; }

    public required int PrefixLength { get; init; }

    /// <summary>The other end of a link between two; the prefix is then its.</summary>
    public IPAddress? Peer { get; init; }

    public NetworkScope Scope { get; init; }

    public InterfaceAddressFlags Flags { get; init; }

    /// <summary>IPv4: a name for the address, which begins with the interface's. The kernel gives that one by itself.</summary>
    public string? Label { get; init; }

    /// <summary>How long the kernel keeps it unless it is renewed, in whole seconds; null: for ever.</summary>
    public TimeSpan? ValidFor { get; init; }

    /// <summary>How long new connections may start from it; null: as long as it is valid.</summary>
    public TimeSpan? PreferredFor { get; init; }

    /// <summary>Who made it (IFA_PROTO, Linux 5.18 and later; older kernels do not keep it).</summary>
    public byte Protocol { get; init; }

    /// <summary>Of the route that the kernel makes to its prefix; 0: what is usual. Kept even where it makes none.</summary>
    public uint RoutePriority { get; init; }

    public override string ToString() => $"{Address}/{PrefixLength} on interface {Interface}";
}
