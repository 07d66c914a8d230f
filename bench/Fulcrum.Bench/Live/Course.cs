using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fulcrum.Bench.Packets;

namespace Fulcrum.Bench.Live;

/// <summary>What both ends are told, and what they have counted; as the program has it (<c>struct course</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Course
{
    public FrameWords Frame;

    public ulong Sent;

    public ulong Arrived;

    /// <summary>The destination that a frame must have when it comes out, in its first six bytes.</summary>
    public ulong Hardware;

    /// <summary>The same of IPv4, as on the wire.</summary>
    public uint Destination;

    /// <summary>Where frames are sent.</summary>
    public int Interface;

    [InlineArray(Frames.Length / sizeof(ulong))]
    internal struct FrameWords
    {
        private ulong _first;
    }
}
