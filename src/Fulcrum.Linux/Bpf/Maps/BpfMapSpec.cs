namespace Fulcrum.Linux.Bpf.Maps;

/// <summary>A map as it is to be made.</summary>
public sealed record BpfMapSpec
{
    public required string Name { get; init; }

    public required BpfMapType Type { get; init; }

    /// <summary>In bytes.</summary>
    public int KeySize { get; init; }

    /// <summary>In bytes; of maps by processor that of one.</summary>
    public int ValueSize { get; init; }

    /// <summary>Of a ring buffer its bytes.</summary>
    public int MaxEntries { get; init; }

    public BpfMapFlags Flags { get; init; }

    /// <summary>Of maps of maps: what one of those is like.</summary>
    public BpfMapSpec? Inner { get; init; }

    /// <summary>What is in it from the beginning; nothing can be changed afterwards if <see cref="IsFrozen"/>.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    public bool IsFrozen { get; init; }

    /// <summary>Numbers of the types in the object's BTF; 0: not known.</summary>
    internal uint KeyType { get; init; }

    internal uint ValueType { get; init; }

    /// <summary>It can hold what the other holds: one that was pinned by another version may be used.</summary>
    public bool FitsAs(BpfMapSpec other) =>
        Type == other.Type
        && KeySize == other.KeySize
        && ValueSize == other.ValueSize
        && MaxEntries == other.MaxEntries
        && Flags == other.Flags;

    public override string ToString() =>
        $"{Name} ({Type}, key {KeySize}, value {ValueSize}, {MaxEntries} entries, {Flags})";
}
