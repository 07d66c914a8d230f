using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Wide.Tables;

/// <summary>Their ports, and the number of the socket that has them.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct ReachEntry(ushort First, ushort Last, uint Socket);
