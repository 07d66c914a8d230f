using System.Net;

namespace Fulcrum.Forwarding.Marking;

/// <summary>
/// Which packets get a firewall mark. Of two rules that a packet matches the narrower one counts: an address before
/// none, a port before a range before all ports before all protocols. Ranges must not overlap.
/// </summary>
public sealed record MarkRule
{
    /// <summary>0: none, where a broader rule would give one.</summary>
    public required uint Mark { get; init; }

    /// <summary>Where they go; 0.0.0.0 or :: for everywhere.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The number of the protocol above IP; null: all.</summary>
    public byte? Protocol { get; init; }

    /// <summary>Of TCP, UDP or SCTP; null: all.</summary>
    public ushort? FirstPort { get; init; }

    /// <summary>Null: there is one only.</summary>
    public ushort? LastPort { get; init; }

    /// <summary>Where they come in; null: anywhere but loopback.</summary>
    public string? Interface { get; init; }
}
