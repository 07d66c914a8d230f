namespace Fulcrum.Linux.Bpf.Maps;

/// <summary>BPF_MAP_TYPE_*, those that are used here.</summary>
public enum BpfMapType : uint
{
    None = 0,
    Hash = 1,
    Array = 2,
    ProgramArray = 3,
    PerCpuHash = 5,
    PerCpuArray = 6,
    LeastRecentlyUsedHash = 9,
    LeastRecentlyUsedPerCpuHash = 10,
    LongestPrefix = 11,
    ArrayOfMaps = 12,
    HashOfMaps = 13,
    DeviceMap = 14,
    SocketMap = 15,
    CpuMap = 16,
    SocketHash = 18,
    SocketReuseArray = 20,
    Queue = 22,
    Stack = 23,
    RingBuffer = 27,
}
