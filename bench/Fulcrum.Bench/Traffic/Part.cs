using System.Runtime.InteropServices;

namespace Fulcrum.Bench.Traffic;

/// <summary>struct iovec: where a part of a message is.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Part
{
    public byte* Start;
    public nint Length;
}
