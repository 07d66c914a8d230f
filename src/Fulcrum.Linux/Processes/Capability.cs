namespace Fulcrum.Linux.Processes;

/// <summary>Rights that root is made of (capabilities(7)), as far as they matter here.</summary>
public enum Capability
{
    BindService = 10,
    AdministerNetwork = 12,
    RawSockets = 13,
    AdministerSystem = 21,

    /// <summary>Programs for the kernel may do what could tell of its memory (since Linux 5.8).</summary>
    Perfmon = 38,

    /// <summary>Programs for the kernel, and their maps (since Linux 5.8).</summary>
    Bpf = 39,
}
