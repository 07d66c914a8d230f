namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>
/// Why each packet went where it went, as the program counts: below 32 the kernel got it, below 64 it ended there, below 96
/// it left. What was seen says more of a packet that is also counted as something else.
/// </summary>
public enum Reason : uint
{
    PassedNotIP = 0,

    /// <summary>Too short for the headers that it says it has.</summary>
    PassedCut = 1,

    /// <summary>Another version than its type says, a header shorter than there can be.</summary>
    PassedMalformed = 2,

    /// <summary>A frame to many: nothing that one node alone may forward.</summary>
    PassedNotUnicast = 3,
    PassedNotVip = 4,

    /// <summary>The kernel owns the address, and answers.</summary>
    PassedEcho = 5,
    PassedIcmp = 6,

    /// <summary>An ICMP error about nothing that goes through here.</summary>
    PassedUnrelated = 7,
    PassedFragment = 8,
    PassedOptions = 9,
    PassedProtocol = 10,

    /// <summary>Heard by an interface that listens to all, and for the hardware address of another.</summary>
    PassedOtherHost = 11,

    /// <summary>Nobody has looked after the tables for long.</summary>
    PassedUnattended = 12,
    DroppedCut = 32,
    DroppedMalformed = 33,
    DroppedFragment = 34,
    DroppedOptions = 35,
    DroppedDenied = 36,
    DroppedNoRing = 37,
    DroppedNoBackend = 38,

    /// <summary>Before the frame, for what a tunnel adds.</summary>
    DroppedNoRoom = 39,

    /// <summary>Nobody knows the backend's hardware address yet.</summary>
    DroppedUnresolved = 40,

    /// <summary>NAT between IPv4 and IPv6.</summary>
    DroppedFamily = 41,

    /// <summary>All tries found a port of another connection.</summary>
    DroppedNoPort = 42,

    /// <summary>More new flows than may be stored.</summary>
    DroppedGuarded = 43,

    /// <summary>An error was due, and as many were told as may be.</summary>
    DroppedQuiet = 44,

    /// <summary>IPv6 outside wants one, and inside there is none to derive it from.</summary>
    DroppedNoChecksum = 45,

    /// <summary>A way of forwarding that this program was loaded without.</summary>
    DroppedUnknown = 46,
    DroppedExpired = 47,
    DroppedTooBig = 48,
    SentDirect = 64,
    SentTunnel = 65,
    SentNat = 66,

    /// <summary>From a backend to its client.</summary>
    SentAnswer = 67,
    SentTooBig = 68,
    SentExpired = 69,

    /// <summary>By the ring.</summary>
    SawChosen = 96,
    SawStored = 97,

    /// <summary>A flow of a backend that is gone; its number is another's now.</summary>
    SawStale = 98,

    /// <summary>A flow of a backend that failed.</summary>
    SawDown = 99,

    /// <summary>A flow that was silent for too long.</summary>
    SawAged = 100,
    SawGuarded = 101,

    /// <summary>The ring named a backend that failed.</summary>
    SawNext = 102,

    /// <summary>An ICMP error, on its way to whom it concerns.</summary>
    SawError = 103,

    /// <summary>A new connection under an old flow, whose backend takes none.</summary>
    SawMoved = 104,
}
