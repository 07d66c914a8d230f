namespace Fulcrum.Linux.Bpf.Elf;

internal enum ElfSymbolKind : byte
{
    None = 0,
    Object = 1,
    Function = 2,
    Section = 3,
    File = 4,
}

/// <param name="Name">Empty for a section.</param>
/// <param name="Kind">What it names.</param>
/// <param name="IsGlobal">It is seen from outside.</param>
/// <param name="Section">Index of the section that it is in; 0 and those from 0xff00 on mean none.</param>
/// <param name="Value">Where it begins there.</param>
/// <param name="Size">In bytes.</param>
internal sealed record ElfSymbol(string Name, ElfSymbolKind Kind, bool IsGlobal, int Section, ulong Value, ulong Size);
