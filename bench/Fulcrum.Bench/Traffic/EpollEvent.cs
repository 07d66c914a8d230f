using System.Runtime.InteropServices;

namespace Fulcrum.Bench.Traffic;

/// <summary>struct epoll_event of x86-64, which is packed there.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct EpollEvent
{
    public int Events;
    public ulong Data;
}
