using System.Net.NetworkInformation;

namespace Fulcrum.Linux.Netlink.Links;

/// <summary>What is to become of a link; what is null stays as it is.</summary>
public sealed record LinkChange
{
    public bool? IsUp { get; init; }

    public string? Name { get; init; }

    public uint? Mtu { get; init; }

    /// <summary>0: it leaves its master.</summary>
    public int? Master { get; init; }

    public PhysicalAddress? HardwareAddress { get; init; }
}
