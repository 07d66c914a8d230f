namespace Fulcrum.Linux.Bpf.Elf;

/// <summary>A place that a loader has to fill in (llvm's BPF documentation, "BPF relocation types").</summary>
/// <param name="Offset">Of the instruction, in its section.</param>
/// <param name="Symbol">What it is about.</param>
/// <param name="Type">How.</param>
internal sealed record ElfRelocation(int Offset, ElfSymbol Symbol, uint Type)
{
    /// <summary>R_BPF_64_64: a load of 64 bits, of a map or of an address.</summary>
    public const uint Load = 1;

    /// <summary>R_BPF_64_32: a call.</summary>
    public const uint Call = 10;
}
