namespace Fulcrum.Forwarding.Decapsulation;

/// <summary>
/// What became of each frame, as the program counts: below 16 the kernel got it as it came, below 32 it ended there, and from
/// there on the kernel got what was inside.
/// </summary>
public enum DecapsulatorReason : uint
{
    PassedNotIP = 0,
    PassedNotUnicast = 1,

    /// <summary>Too short for the headers that it says it has.</summary>
    PassedCut = 2,

    /// <summary>IP with something else inside.</summary>
    PassedNotTunnel = 3,

    /// <summary>A tunnel's packet that is a fragment, or has options or extension headers.</summary>
    PassedOuter = 4,

    /// <summary>A tunnel, but what is inside is for another address.</summary>
    PassedNotVip = 5,

    /// <summary>For a vip, but from none of the balancers.</summary>
    DroppedDenied = 16,
    DroppedCut = 17,

    /// <summary>Of the outer header.</summary>
    DroppedChecksum = 18,

    /// <summary>The way was congested, and what is inside could not tell its sender (RFC 6040 section 4.2).</summary>
    DroppedCongestion = 19,

    /// <summary>The kernel could not take the outer header off.</summary>
    DroppedNoRoom = 20,
    TakenIPv4InIPv4 = 32,
    TakenIPv6InIPv4 = 33,
    TakenIPv4InIPv6 = 34,
    TakenIPv6InIPv6 = 35,
    TakenGueInIPv4 = 36,
    TakenGueInIPv6 = 37,
}
