using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>A service at one port.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct VipKey(TableAddress Address, TablePort Port, byte Protocol)
{
    public readonly byte Pad = 0;
}
