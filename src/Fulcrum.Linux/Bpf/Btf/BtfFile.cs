using System.Buffers.Binary;
using System.Text;
using Fulcrum.Linux.Bpf.Objects;

namespace Fulcrum.Linux.Bpf.Btf;

/// <summary>
/// What a compiler says of the types of a program (BPF Type Format, Documentation/bpf/btf.rst in Linux): a list of types
/// that refer to each other by number, from 1 on (0 is void), and their names. The loader needs it to know what maps
/// an object declares, what its structures look like, and to hand it to the kernel.
/// </summary>
internal sealed class BtfFile
{
    private const ushort Magic = 0xeb9f;
    private const int HeaderLength = 24;
    private const int TypeLength = 12;
    private const int NumberLength = 8;
    private const int MostTypes = 1 << 20;

    /// <summary>Qualifiers, aliases and arrays in a row: more than anybody writes.</summary>
    private const int MostSteps = 64;

    private readonly byte[] _bytes;
    private readonly List<BtfType> _types = [new() { Kind = BtfKind.Void, Name = "void" }];
    private readonly int _types0;
    private readonly int _texts0;
    private readonly int _textsLength;

    private BtfFile(byte[] bytes)
    {
        _bytes = bytes;
        var header = bytes.AsSpan();
        var length = U32(header, 4);
        if (length < HeaderLength || length > bytes.Length)
        {
            throw new BpfObjectException(".BTF: its header is broken");
        }

        (_types0, var typesLength) = Part(length, U32(header, 8), U32(header, 12));
        (_texts0, _textsLength) = Part(length, U32(header, 16), U32(header, 20));
        Read(typesLength);
    }

    /// <summary>By number.</summary>
    public IReadOnlyList<BtfType> Types => _types;

    /// <summary>As the kernel gets it.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <exception cref="BpfObjectException"/>
    public static BtfFile Parse(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderLength && BinaryPrimitives.ReadUInt16LittleEndian(bytes) == Magic
            ? new(bytes.ToArray())
            : throw new BpfObjectException(".BTF: it is something else");

    /// <summary>The type itself, without aliases and qualifiers.</summary>
    /// <exception cref="BpfObjectException"/>
    public BtfType Resolve(uint type)
    {
        for (var steps = 0; steps < MostSteps; steps++)
        {
            var found = At(type);
            if (
                found.Kind
                is not (
                    BtfKind.Alias
                    or BtfKind.Volatile
                    or BtfKind.Constant
                    or BtfKind.Restrict
                    or BtfKind.TypeTag
                    or BtfKind.Variable
                )
            )
            {
                return found;
            }

            type = found.Target;
        }

        throw new BpfObjectException($".BTF: type {type} goes round in a circle");
    }

    /// <summary>In bytes.</summary>
    /// <exception cref="BpfObjectException">It has none.</exception>
    public uint SizeOf(uint type)
    {
        ulong count = 1;
        for (var steps = 0; steps < MostSteps; steps++)
        {
            var found = Resolve(type);
            switch (found.Kind)
            {
                case BtfKind.Array:
                    count *= found.Count;
                    type = found.Target;
                    break;
                case BtfKind.Pointer:
                    return Product(count, 8, type);
                case BtfKind.Integer:
                case BtfKind.Structure:
                case BtfKind.Union:
                case BtfKind.Enumeration:
                case BtfKind.Enumeration64:
                case BtfKind.Float:
                    return Product(count, found.Size, type);
                default:
                    throw new BpfObjectException($".BTF: type {type} ({found.Kind}) has no size");
            }

            if (count > uint.MaxValue)
            {
                break;
            }
        }

        throw new BpfObjectException($".BTF: type {type} is too large");
    }

    /// <exception cref="BpfObjectException"/>
    public BtfType At(uint type) =>
        type < _types.Count ? _types[(int)type] : throw new BpfObjectException($".BTF: there is no type {type}");

    /// <summary>A structure of that name; null: there is none.</summary>
    public BtfType? FindStructure(string name) =>
        _types.Find(type => type.Kind == BtfKind.Structure && type.Name == name);

    /// <summary>An enumeration of that name; null: there is none.</summary>
    public BtfType? FindEnumeration(string name) =>
        _types.Find(type => type.Kind == BtfKind.Enumeration && type.Name == name);

    /// <summary>A text by its offset.</summary>
    /// <exception cref="BpfObjectException"/>
    public string Text(uint offset)
    {
        var texts = _bytes.AsSpan(_texts0, _textsLength);
        var length = offset < texts.Length ? texts[(int)offset..].IndexOf((byte)0) : -1;
        return length >= 0
            ? Encoding.UTF8.GetString(texts.Slice((int)offset, length))
            : throw new BpfObjectException($".BTF: there is no text at {offset}");
    }

    /// <summary>
    /// What only a linker knows, compilers leave open: how large a section is, and where in it each variable.
    /// </summary>
    public void Complete(BtfType section, uint size, Func<string, uint?> offsetOf)
    {
        var at = _types0 + section.Offset;
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(at + 8), size);
        var places = new List<(uint Offset, byte[] Entry)>();
        for (var i = 0; i < section.Members.Count; i++)
        {
            var entry = _bytes.AsSpan(at + TypeLength + (i * TypeLength), TypeLength);
            var offset = offsetOf(At(section.Members[i].Type).Name) ?? U32(entry, 4);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[4..], offset);
            places.Add((offset, entry.ToArray()));
        }

        // The kernel wants them in order.
        var next = at + TypeLength;
        foreach (var (_, entry) in places.OrderBy(place => place.Offset))
        {
            entry.CopyTo(_bytes, next);
            next += TypeLength;
        }
    }

    private (int Start, int Length) Part(uint header, uint offset, uint length)
    {
        var start = (ulong)header + offset;
        return start <= (ulong)_bytes.Length && length <= (ulong)_bytes.Length - start
            ? ((int)start, (int)length)
            : throw new BpfObjectException(".BTF: a part of it reaches beyond the end");
    }

    private void Read(int length)
    {
        var all = _bytes.AsSpan(_types0, length);
        for (var at = 0; at < length; )
        {
            if (length - at < TypeLength || _types.Count > MostTypes)
            {
                throw new BpfObjectException($".BTF: type {_types.Count} is cut off");
            }

            var info = U32(all, at + 4);
            var (kind, count) = ((BtfKind)((info >> 24) & 0x1f), (int)(info & 0xffff));
            var more = LengthAfter(kind, count);
            if (length - at - TypeLength < more)
            {
                throw new BpfObjectException($".BTF: type {_types.Count} is cut off");
            }

            _types.Add(ReadOne(all.Slice(at, TypeLength + more), kind, count, hasBitFields: info >> 31 != 0, at));
            at += TypeLength + more;
        }
    }

    private BtfType ReadOne(ReadOnlySpan<byte> bytes, BtfKind kind, int count, bool hasBitFields, int offset)
    {
        var sizeOrType = U32(bytes, 8);
        var type = new BtfType
        {
            Kind = kind,
            Name = Text(U32(bytes, 0)),
            Size = sizeOrType,
            Target = sizeOrType,
            Offset = offset,
        };
        var more = bytes[TypeLength..];
        switch (kind)
        {
            case BtfKind.Array:
                return type with { Target = U32(more, 0), Count = U32(more, 8) };
            case BtfKind.Enumeration:
                var numbers = new List<KeyValuePair<string, int>>(count);
                for (var i = 0; i < count; i++)
                {
                    var one = more[(i * NumberLength)..];
                    numbers.Add(new(Text(U32(one, 0)), (int)U32(one, 4)));
                }

                return type with
                {
                    Numbers = numbers,
                };
            case BtfKind.Structure:
            case BtfKind.Union:
            case BtfKind.Section:
                var members = new List<BtfMember>(count);
                for (var i = 0; i < count; i++)
                {
                    var one = more[(i * TypeLength)..];
                    var place = U32(one, 8);
                    members.Add(
                        kind == BtfKind.Section ? new("", U32(one, 0), U32(one, 4) * 8, 0)
                        : hasBitFields ? new(Text(U32(one, 0)), U32(one, 4), place & 0xff_ffff, place >> 24)
                        : new(Text(U32(one, 0)), U32(one, 4), place, 0)
                    );
                }

                return type with
                {
                    Members = members,
                };
            default:
                return type;
        }
    }

    private static int LengthAfter(BtfKind kind, int count) =>
        kind switch
        {
            BtfKind.Integer or BtfKind.Variable or BtfKind.DeclarationTag => 4,
            BtfKind.Array => 12,
            BtfKind.Structure or BtfKind.Union or BtfKind.Section or BtfKind.Enumeration64 => 12 * count,
            BtfKind.Enumeration or BtfKind.Prototype => NumberLength * count,
            > BtfKind.Enumeration64 or BtfKind.Void => throw new BpfObjectException($".BTF: there is no kind {kind}"),
            _ => 0,
        };

    private static uint Product(ulong count, uint size, uint type) =>
        count * size <= uint.MaxValue
            ? (uint)(count * size)
            : throw new BpfObjectException($".BTF: type {type} is too large");

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
