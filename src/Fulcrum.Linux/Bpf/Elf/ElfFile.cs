using System.Buffers.Binary;
using System.Text;
using Fulcrum.Linux.Bpf.Objects;

namespace Fulcrum.Linux.Bpf.Elf;

/// <summary>
/// A relocatable ELF file for BPF, as compilers write it (System V ABI, "Object Files"; the ELF-64 format): sections with
/// names, symbols in them, and for some sections a list of places that a loader has to fill in. Every offset and index
/// in it may be a lie, so each is checked when it is read.
/// </summary>
internal sealed class ElfFile
{
    private const int HeaderLength = 64;
    private const int SectionLength = 64;
    private const ushort Relocatable = 1;
    private const ushort ForBpf = 247;

    /// <summary>Far more than any program has.</summary>
    private const int MostSections = 4096;
    private const int MostBytes = 64 << 20;

    private readonly ReadOnlyMemory<byte> _file;

    private ElfFile(ReadOnlyMemory<byte> file)
    {
        _file = file;
        Sections = ReadSections();
        Symbols = ReadSymbols();
    }

    public IReadOnlyList<ElfSection> Sections { get; }

    public IReadOnlyList<ElfSymbol> Symbols { get; }

    /// <exception cref="BpfObjectException">It is something else, or broken.</exception>
    public static ElfFile Parse(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        if (bytes.Length < HeaderLength || !bytes.StartsWith("\u007fELF"u8))
        {
            throw new BpfObjectException("it is no ELF file");
        }

        if (bytes[4] != 2 || bytes[5] != 1)
        {
            throw new BpfObjectException("it is an ELF file, but not of 64 bits with the least byte first");
        }

        if (U16(bytes, 16) != Relocatable || U16(bytes, 18) != ForBpf)
        {
            throw new BpfObjectException("it is an ELF file, but no object for BPF (clang --target=bpf -c)");
        }

        return bytes.Length <= MostBytes
            ? new(file)
            : throw new BpfObjectException($"it has more than {MostBytes >> 20} MiB");
    }

    public ElfSection? Find(string name) => Sections.FirstOrDefault(section => section.Name == name);

    /// <summary>What has to be filled in, in the order of the places.</summary>
    /// <exception cref="BpfObjectException"/>
    public IReadOnlyList<ElfRelocation> RelocationsOf(ElfSection section)
    {
        const int Length = 16;
        var found = new List<ElfRelocation>();
        foreach (var list in Sections.Where(one => one.Type == ElfSectionType.Relocations && one.Info == section.Index))
        {
            var bytes = list.Data.Span;
            for (var at = 0; at + Length <= bytes.Length; at += Length)
            {
                var offset = U64(bytes, at);
                var info = U64(bytes, at + 8);
                if (info >> 32 >= (ulong)Symbols.Count || offset >= (ulong)section.Data.Length)
                {
                    throw new BpfObjectException($"section {list.Name}: relocation {at / Length} leads nowhere");
                }

                found.Add(new((int)offset, Symbols[(int)(info >> 32)], (uint)info));
            }
        }

        var ordered = found.OrderBy(one => one.Offset).ToList();
        for (var i = 1; i < ordered.Count; i++)
        {
            if (ordered[i].Offset / 8 == ordered[i - 1].Offset / 8)
            {
                throw new BpfObjectException($"section {section.Name}: two relocations are for one instruction");
            }
        }

        return ordered;
    }

    private List<ElfSection> ReadSections()
    {
        var bytes = _file.Span;
        var start = U64(bytes, 40);
        int count = U16(bytes, 60);
        int names = U16(bytes, 62);
        if (
            U16(bytes, 58) != SectionLength
            || count is 0 or > MostSections
            || names >= count
            || start > (ulong)bytes.Length
            || (ulong)count * SectionLength > (ulong)bytes.Length - start
        )
        {
            throw new BpfObjectException("its table of sections is broken");
        }

        var texts = DataOf((int)start + (names * SectionLength), "the names of sections");
        var sections = new List<ElfSection>(count);
        for (var i = 0; i < count; i++)
        {
            var at = (int)start + (i * SectionLength);
            var name = Text(texts.Span, U32(bytes, at), $"the name of section {i}");
            var type = (ElfSectionType)U32(bytes, at + 4);
            sections.Add(
                new()
                {
                    Index = i,
                    Name = name,
                    Type = type,
                    IsCode = (U64(bytes, at + 8) & 4) != 0,
                    Data = type is ElfSectionType.Empty or ElfSectionType.Zeroes
                        ? default
                        : DataOf(at, $"section {name}"),
                    Size = U64(bytes, at + 32),
                    Link = (int)Math.Min(U32(bytes, at + 40), int.MaxValue),
                    Info = (int)Math.Min(U32(bytes, at + 44), int.MaxValue),
                }
            );
        }

        return sections;
    }

    private List<ElfSymbol> ReadSymbols()
    {
        const int Length = 24;
        var symbols = new List<ElfSymbol>();
        if (Sections.FirstOrDefault(section => section.Type == ElfSectionType.Symbols) is not { } table)
        {
            return symbols;
        }

        if (table.Link >= Sections.Count)
        {
            throw new BpfObjectException("its symbols have no names");
        }

        var texts = Sections[table.Link].Data.Span;
        var bytes = table.Data.Span;
        for (var at = 0; at + Length <= bytes.Length; at += Length)
        {
            symbols.Add(
                new(
                    Text(texts, U32(bytes, at), $"the name of symbol {at / Length}"),
                    (ElfSymbolKind)(bytes[at + 4] & 0xf),
                    IsGlobal: bytes[at + 4] >> 4 != 0,
                    U16(bytes, at + 6),
                    U64(bytes, at + 8),
                    U64(bytes, at + 16)
                )
            );
        }

        return symbols;
    }

    private ReadOnlyMemory<byte> DataOf(int header, string what)
    {
        var bytes = _file.Span;
        var (start, length) = (U64(bytes, header + 24), U64(bytes, header + 32));
        return start <= (ulong)bytes.Length && length <= (ulong)bytes.Length - start
            ? _file.Slice((int)start, (int)length)
            : throw new BpfObjectException($"{what} reach beyond the end of the file");
    }

    private static string Text(ReadOnlySpan<byte> texts, uint offset, string what)
    {
        var length = offset < texts.Length ? texts[(int)offset..].IndexOf((byte)0) : -1;
        return length >= 0 ? Encoding.UTF8.GetString(texts.Slice((int)offset, length))
            : offset == 0 && texts.IsEmpty ? ""
            : throw new BpfObjectException($"{what} is broken");
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
