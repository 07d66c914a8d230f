namespace Fulcrum.Forwarding.Xdp.Tapping;

/// <param name="Packets">In the file.</param>
/// <param name="Bytes">Of the file.</param>
/// <param name="Lost">That the program had no room for: this end read too slowly.</param>
/// <param name="End">Why it ended.</param>
public sealed record TapResult(int Packets, long Bytes, ulong Lost, TapEnd End);

public enum TapEnd
{
    Cancelled,
    Packets,
    Bytes,
    Time,
}
