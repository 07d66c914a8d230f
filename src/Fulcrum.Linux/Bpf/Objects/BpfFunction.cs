using Fulcrum.Linux.Bpf.Elf;

namespace Fulcrum.Linux.Bpf.Objects;

/// <summary>A function of an object: an entry point, or one that others call.</summary>
/// <param name="Name">Of its symbol.</param>
/// <param name="Section">It is in.</param>
/// <param name="First">Its first instruction there.</param>
/// <param name="Count">Instructions.</param>
internal sealed record BpfFunction(string Name, ElfSection Section, int First, int Count)
{
    /// <summary>Of its bytes the place among all.</summary>
    public bool Holds(int instruction) => instruction >= First && instruction < First + Count;
}
