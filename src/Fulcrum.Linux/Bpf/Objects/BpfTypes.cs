using Fulcrum.Linux.Bpf.Btf;

namespace Fulcrum.Linux.Bpf.Objects;

/// <summary>How an object's structures are laid out, to be compared with how ours are.</summary>
public sealed class BpfTypes
{
    private readonly BtfFile _btf;

    internal BpfTypes(BtfFile btf) => _btf = btf;

    /// <summary>
    /// A structure's size and members in order, as <c>16: address 0+16</c>: name, offset and size in bytes. Null: there is
    /// none of that name.
    /// </summary>
    /// <exception cref="BpfObjectException"/>
    public string? LayoutOf(string structure) =>
        _btf.FindStructure(structure) is { } found
            ? $"{found.Size}: " + string.Join(", ", found.Members.Select(Describe))
            : null;

    /// <summary>What an enumeration calls which number, in the order of the source; empty: there is none of that name.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> NumbersOf(string enumeration) =>
        _btf.FindEnumeration(enumeration)?.Numbers ?? [];

    private string Describe(BtfMember member) =>
        member.BitSize != 0 || member.BitOffset % 8 != 0
            ? $"{member.Name} bits"
            : $"{member.Name} {member.BitOffset / 8}+{_btf.SizeOf(member.Type)}";
}
