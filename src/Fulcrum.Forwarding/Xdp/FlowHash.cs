using Fulcrum.Forwarding.Xdp.Tables;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>
/// The hash by which the program chooses (<c>bpf/balancer/hash.h</c>), for whoever has to know where a packet would go.
/// </summary>
internal static class FlowHash
{
    private const ulong Step = 0x9e37_79b9_7f4a_7c15;
    private const ulong Last = 0xff51_afd7_ed55_8ccd;
    private const int Shift = 33;

    public static ulong Of(in FlowKey flow, ulong seed, bool bySource = false)
    {
        var hash = Mix(seed, Pair(flow.Source.First, flow.Source.Second));
        hash = Mix(hash, Pair(flow.Source.Third, flow.Source.Fourth));
        if (!bySource)
        {
            hash = Mix(hash, Pair(flow.Destination.First, flow.Destination.Second));
            hash = Mix(hash, Pair(flow.Destination.Third, flow.Destination.Fourth));
            hash = Mix(hash, Pair(flow.Protocol, ((uint)flow.SourcePort.Wire << 16) | flow.DestinationPort.Wire));
        }

        hash ^= hash >> Shift;
        hash *= Last;
        return hash ^ (hash >> Shift);
    }

    /// <summary>The slot of a ring that is asked first.</summary>
    public static int SlotOf(ulong hash, int slots) => (int)(((hash >> 32) * (ulong)slots) >> 32);

    private static ulong Mix(ulong hash, ulong word)
    {
        hash = (hash ^ word) * Step;
        return hash ^ (hash >> 32);
    }

    private static ulong Pair(uint high, uint low) => ((ulong)high << 32) | low;
}
