using System.Runtime.InteropServices;

namespace Fulcrum.Bench.Traffic;

/// <summary>What each datagram begins with: whose it is, and which of its asking.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DatagramMark
{
    public int Flow;
    public int Turn;
}
