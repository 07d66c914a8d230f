namespace Fulcrum.Linux.Bpf.Maps;

/// <summary>BPF_F_*, when a map is made.</summary>
[Flags]
public enum BpfMapFlags : uint
{
    None = 0,

    /// <summary>Memory is taken when an entry comes; tries of prefixes want it.</summary>
    NoPreallocation = 0x1,

    /// <summary>Each processor has a list of recent use of its own.</summary>
    NoCommonRecency = 0x2,
    NumaNode = 0x4,

    /// <summary>User space may only read.</summary>
    ReadOnly = 0x8,

    /// <summary>Programs may only read: with a frozen map the verifier knows its content.</summary>
    ReadOnlyForPrograms = 0x80,
    Mappable = 0x400,

    /// <summary>Inner maps may have other sizes than the first.</summary>
    InnerMap = 0x1000,
}
