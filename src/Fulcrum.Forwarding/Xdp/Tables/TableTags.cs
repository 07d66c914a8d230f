using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>Tags of VLANs as they are on the wire, type and number; 0: there is none.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TableTags(uint Outer, uint Inner);
