namespace Fulcrum.Linux.Bpf.Btf;

/// <summary>A type. Which of its parts mean something depends on the kind.</summary>
internal sealed record BtfType
{
    public required BtfKind Kind { get; init; }

    public required string Name { get; init; }

    /// <summary>Of integers, structures, unions, enumerations and sections, in bytes.</summary>
    public uint Size { get; init; }

    /// <summary>What a pointer, an alias, a qualifier, a function or a variable is of, and the elements of an array.</summary>
    public uint Target { get; init; }

    /// <summary>Elements of an array.</summary>
    public uint Count { get; init; }

    /// <summary>Of structures and unions; of a section its variables.</summary>
    public IReadOnlyList<BtfMember> Members { get; init; } = [];

    /// <summary>Of enumerations: names and numbers.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> Numbers { get; init; } = [];

    /// <summary>Where it begins among the bytes of all types.</summary>
    public int Offset { get; init; }
}

/// <param name="Name">Of a member; empty for a variable, whose type has it.</param>
/// <param name="Type">Its number.</param>
/// <param name="BitOffset">Where it begins.</param>
/// <param name="BitSize">Of a bit field; 0: it is none.</param>
internal sealed record BtfMember(string Name, uint Type, uint BitOffset, uint BitSize);
