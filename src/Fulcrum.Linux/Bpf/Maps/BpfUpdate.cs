namespace Fulcrum.Linux.Bpf.Maps;

/// <summary>What may be there already when an entry is set.</summary>
public enum BpfUpdate : ulong
{
    Any = 0,

    /// <summary>Nothing; else <see cref="Errno.Exists"/>.</summary>
    New = 1,

    /// <summary>An entry; else <see cref="Errno.NotFound"/>.</summary>
    Present = 2,
}
