using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>Which packets somebody wants to look at; of addresses the bits that the masks have.</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct TapEntry
{
    /// <summary>None: nothing is looked at.</summary>
    public TapDirections Directions;

    /// <summary>Of each packet.</summary>
    public uint Bytes;

    /// <summary>A bit for each <see cref="Reason"/>.</summary>
    public TapReasons Reasons;
    public TableAddress Client;
    public TableAddress ClientMask;
    public TableAddress Vip;
    public TableAddress VipMask;

    /// <summary>Of the vip; 0: any.</summary>
    public TablePort Port;

    /// <summary>0: any.</summary>
    public byte Protocol;
    public byte Pad;
    public uint PadMore;
}

[InlineArray(2)]
internal struct TapReasons
{
    private ulong _first;
}
