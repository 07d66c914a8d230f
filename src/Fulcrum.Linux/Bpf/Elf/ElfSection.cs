namespace Fulcrum.Linux.Bpf.Elf;

internal enum ElfSectionType : uint
{
    Empty = 0,
    Data = 1,
    Symbols = 2,
    Texts = 3,

    /// <summary>It has a size, but no bytes in the file.</summary>
    Zeroes = 8,
    Relocations = 9,
}

internal sealed record ElfSection
{
    public required int Index { get; init; }

    public required string Name { get; init; }

    public required ElfSectionType Type { get; init; }

    /// <summary>Instructions are in it.</summary>
    public bool IsCode { get; init; }

    public ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>Of zeroes, too.</summary>
    public ulong Size { get; init; }

    /// <summary>Index of the section that it needs: of symbols that with their names.</summary>
    public int Link { get; init; }

    /// <summary>Of relocations: index of the section that they are for.</summary>
    public int Info { get; init; }
}
