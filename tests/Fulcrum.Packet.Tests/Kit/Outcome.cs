using Fulcrum.Forwarding.Xdp.Tables;

namespace Fulcrum.Packet.Tests.Kit;

/// <param name="Verdict">What the program said.</param>
/// <param name="Reason">What it counted.</param>
/// <param name="Frame">What it left.</param>
internal sealed record Outcome(Verdict Verdict, Reason Reason, byte[] Frame);

/// <summary>XDP_*; those of traffic control by the same words.</summary>
internal enum Verdict : uint
{
    Aborted = 0,
    Drop = 1,
    Pass = 2,
    Transmit = 3,
    Redirect = 4,
}
