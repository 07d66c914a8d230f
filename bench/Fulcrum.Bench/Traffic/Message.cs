using System.Runtime.InteropServices;

namespace Fulcrum.Bench.Traffic;

/// <summary>struct mmsghdr of 64-bit machines: one message of a call that moves many.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Message
{
    public Address* Name;
    public nint NameLength;
    public Part* Parts;
    public nint PartCount;
    public byte* Control;
    public nint ControlLength;
    public nint Flags;

    /// <summary>Set by the kernel: how long it was.</summary>
    public nint Length;
}
