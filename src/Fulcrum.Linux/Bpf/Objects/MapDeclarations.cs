using Fulcrum.Linux.Bpf.Btf;
using Fulcrum.Linux.Bpf.Elf;
using Fulcrum.Linux.Bpf.Maps;

namespace Fulcrum.Linux.Bpf.Objects;

/// <summary>
/// Maps as programs declare them: variables in the section <c>.maps</c>, whose structure says all by the types of its
/// members. A number is the length of an array that a pointer leads to (<c>__uint(max_entries, 8)</c>), a type what a
/// pointer leads to (<c>__type(key, struct vip)</c>), and <c>values</c> an array of pointers to maps declared alike.
/// </summary>
internal sealed class MapDeclarations(BtfFile btf)
{
    private const string Section = ".maps";

    /// <summary>By where they are in the section.</summary>
    /// <exception cref="BpfObjectException"/>
    public Dictionary<ulong, BpfMapSpec> Read(ElfFile file)
    {
        var maps = new Dictionary<ulong, BpfMapSpec>();
        if (file.Find(Section) is not { } section)
        {
            return maps;
        }

        foreach (var symbol in file.Symbols)
        {
            if (symbol.Kind == ElfSymbolKind.Object && symbol.Section == section.Index)
            {
                var variable =
                    btf.Types.FirstOrDefault(type => type.Kind == BtfKind.Variable && type.Name == symbol.Name)
                    ?? throw new BpfObjectException($"map '{symbol.Name}' has no type: compile with -g");
                maps[symbol.Value] = Of(symbol.Name, variable.Target, mayNest: true);
            }
        }

        return maps;
    }

    private BpfMapSpec Of(string name, uint declared, bool mayNest)
    {
        var structure = btf.Resolve(declared);
        if (structure.Kind != BtfKind.Structure)
        {
            throw new BpfObjectException($"map '{name}' is declared by no structure");
        }

        var spec = new BpfMapSpec { Name = name, Type = BpfMapType.None };
        foreach (var member in structure.Members)
        {
            spec = member.Name switch
            {
                "type" => spec with { Type = (BpfMapType)Number(name, member) },
                "key_size" => spec with { KeySize = Number(name, member) },
                "value_size" => spec with { ValueSize = Number(name, member) },
                "max_entries" => spec with { MaxEntries = Number(name, member) },
                "map_flags" => spec with { Flags = (BpfMapFlags)Number(name, member) },
                "key" => spec with { KeyType = Pointed(name, member), KeySize = Size(name, member) },
                "value" => spec with { ValueType = Pointed(name, member), ValueSize = Size(name, member) },
                "values" when mayNest => spec with { Inner = Of($"{name}.inner", Value(name, member), mayNest: false) },
                _ => throw new BpfObjectException($"map '{name}': '{member.Name}' is not known"),
            };
        }

        if (spec.Type == BpfMapType.None)
        {
            throw new BpfObjectException($"map '{name}' has no type");
        }

        // What the outer one holds is told by descriptors.
        return spec.Inner is null ? spec : spec with { ValueSize = sizeof(uint), ValueType = 0, KeyType = 0 };
    }

    private int Number(string map, BtfMember member) =>
        btf.Resolve(Pointed(map, member)) is { Kind: BtfKind.Array, Count: <= int.MaxValue } array
            ? (int)array.Count
            : throw new BpfObjectException($"map '{map}': '{member.Name}' is no number");

    private int Size(string map, BtfMember member) =>
        btf.SizeOf(Pointed(map, member)) is <= int.MaxValue and var size
            ? (int)size
            : throw new BpfObjectException($"map '{map}': '{member.Name}' is too large");

    private uint Value(string map, BtfMember member) =>
        btf.Resolve(member.Type) is { Kind: BtfKind.Array } array
        && btf.Resolve(array.Target) is { Kind: BtfKind.Pointer } pointer
            ? pointer.Target
            : throw new BpfObjectException($"map '{map}': '{member.Name}' is no array of pointers to maps");

    private uint Pointed(string map, BtfMember member) =>
        btf.Resolve(member.Type) is { Kind: BtfKind.Pointer } pointer
            ? pointer.Target
            : throw new BpfObjectException($"map '{map}': '{member.Name}' is no pointer");
}
