using System.Net;
using System.Net.NetworkInformation;

namespace Fulcrum.Forwarding.Xdp.Ways;

/// <summary>How a frame gets to an address.</summary>
internal sealed record Way
{
    /// <summary>0: there is none.</summary>
    public int Interface { get; init; }

    /// <summary>The VLAN on that interface, whose frames have its tag; null: they have none.</summary>
    public ushort? Vlan { get; init; }

    /// <summary>The interface that <see cref="Next"/> is a neighbor on.</summary>
    public int Asked { get; init; }

    /// <summary>The address itself, or the router before it.</summary>
    public IPAddress? Next { get; init; }

    /// <summary>Of the address itself, or of the router before it. Null: nobody has answered yet.</summary>
    public PhysicalAddress? Hardware { get; init; }

    /// <summary>Ours.</summary>
    public PhysicalAddress? SourceHardware { get; init; }

    /// <summary>Our address on that way.</summary>
    public IPAddress? Source { get; init; }

    public int Mtu { get; init; }

    /// <summary>Why frames do not get there; null: they do.</summary>
    public string? Trouble { get; init; }
}
