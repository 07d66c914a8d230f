using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>The VLAN that a backend is in. Two of the 4096 numbers are none, and say something else.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TableVlan(ushort Number)
{
    /// <summary>Packets go there with the tags that they came with.</summary>
    public static readonly TableVlan Kept = new(0);

    /// <summary>They go there without any tag.</summary>
    public static readonly TableVlan None = new(0xfff);
}
