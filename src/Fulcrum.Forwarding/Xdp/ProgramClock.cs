using Fulcrum.Linux.Bpf;

namespace Fulcrum.Forwarding.Xdp;

/// <summary>The program counts time in ticks of 256 jiffies (<c>bpf/balancer/packet.h</c>): a quarter of a second to 2.6 s.</summary>
internal static class ProgramClock
{
    private const int JiffiesInTick = 256;

    private static TimeSpan Tick => KernelClock.Jiffy * JiffiesInTick;

    /// <summary>Whole ticks; what is shorter than one is one.</summary>
    public static uint TicksIn(TimeSpan span) => (uint)Math.Max(1, span / Tick);

    /// <summary>What may happen in a tick when so much may in a second; at least once.</summary>
    public static uint InTick(uint inSecond) => (uint)Math.Max(1, inSecond * Tick.TotalSeconds);
}
