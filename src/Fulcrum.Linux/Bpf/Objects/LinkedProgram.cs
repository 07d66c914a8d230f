using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Linux.Bpf.Programs;

namespace Fulcrum.Linux.Bpf.Objects;

/// <summary>A program with all functions that it calls, in one piece. Only the maps have no descriptors yet.</summary>
internal sealed record LinkedProgram
{
    public required string Name { get; init; }

    public required BpfProgramType Type { get; init; }

    public required BpfAttachType Attach { get; init; }

    public required BpfInstruction[] Instructions { get; init; }

    public required IReadOnlyList<MapReference> Maps { get; init; }

    /// <summary>Where in the instructions each of its functions begins, in this order.</summary>
    public required IReadOnlyList<(BpfFunction Function, int Start)> Functions { get; init; }
}

/// <param name="Instruction">Whose number is to be a map's descriptor.</param>
/// <param name="Map">Which; null: that of the constants.</param>
/// <param name="Offset">Of the constant; of no meaning for others.</param>
internal sealed record MapReference(int Instruction, BpfMapSpec? Map, int Offset);
