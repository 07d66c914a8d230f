using System.Text;
using Fulcrum.Linux.Bpf.Btf;
using Fulcrum.Linux.Bpf.Elf;
using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Linux.Bpf.Programs;

namespace Fulcrum.Linux.Bpf.Objects;

/// <summary>
/// What a compiler made of a BPF program, read and checked, and not yet given to the kernel: maps, programs, constants.
/// It may be hostile: whatever it holds, it is refused with a reason or can be loaded, and then the kernel's verifier
/// decides.
/// </summary>
public sealed class BpfObject
{
    internal const string ConstantSection = ".rodata";
    private const string CallableSection = ".text";
    private const string LicenseSection = "license";

    private readonly Dictionary<ulong, BpfMapSpec> _maps;
    private readonly List<BpfFunction> _functions = [];

    private BpfObject(ElfFile file)
    {
        File = file;
        var section = file.Find(".BTF") ?? throw new BpfObjectException("it has no BTF: compile with -g");
        Btf = BtfFile.Parse(section.Data.Span);
        _maps = new MapDeclarations(Btf).Read(file);
        var constants = file.Find(ConstantSection);
        Constants = new(file, constants);
        ReadFunctions();
        Types = new(Btf);
        CompleteTypes();
        License = file.Find(LicenseSection)?.Data is { Length: > 0 } license
            ? Encoding.UTF8.GetString(license.Span).TrimEnd('\0')
            : throw new BpfObjectException($"it has no section '{LicenseSection}'");
        Programs = [.. _functions.Where(function => IsEntry(function.Section)).Select(function => function.Name)];
    }

    /// <summary>What the kernel is told: some helpers are for programs under the GPL only.</summary>
    public string License { get; }

    /// <summary>Names of the programs that can be attached.</summary>
    public IReadOnlyList<string> Programs { get; }

    public IReadOnlyCollection<BpfMapSpec> Maps => _maps.Values;

    public BpfConstants Constants { get; }

    /// <summary>How its structures are laid out.</summary>
    public BpfTypes Types { get; }

    internal ElfFile File { get; }

    internal BtfFile Btf { get; }

    internal IReadOnlyList<BpfFunction> Functions => _functions;

    /// <exception cref="BpfObjectException">It is none, is broken, or asks what is not known here.</exception>
    public static BpfObject Parse(ReadOnlyMemory<byte> file) => new(ElfFile.Parse(file));

    /// <exception cref="BpfObjectException">There is none of that name.</exception>
    internal BpfFunction EntryOf(string program) =>
        _functions.Find(function => function.Name == program && IsEntry(function.Section))
        ?? throw new BpfObjectException($"there is no program '{program}'");

    internal BpfMapSpec MapAt(ulong place) =>
        _maps.GetValueOrDefault(place) ?? throw new BpfObjectException($"there is no map at {place} of section .maps");

    private static bool IsEntry(ElfSection section) => section.Name != CallableSection;

    private void ReadFunctions()
    {
        foreach (var symbol in File.Symbols.Where(symbol => symbol.Kind == ElfSymbolKind.Function))
        {
            if (
                symbol.Section >= File.Sections.Count
                || File.Sections[symbol.Section] is not { IsCode: true } section
                || symbol.Value % BpfInstruction.Length != 0
                || symbol.Size % BpfInstruction.Length != 0
                || symbol.Size == 0
                || symbol.Value > (ulong)section.Data.Length
                || symbol.Size > (ulong)section.Data.Length - symbol.Value
            )
            {
                throw new BpfObjectException($"function '{symbol.Name}' is not in a section of instructions");
            }

            if (IsEntry(section))
            {
                _ = SectionKinds.Of(section.Name);
            }

            _functions.Add(
                new(
                    symbol.Name,
                    section,
                    (int)symbol.Value / BpfInstruction.Length,
                    (int)symbol.Size / BpfInstruction.Length
                )
            );
        }
    }

    private void CompleteTypes()
    {
        var places = File
            .Symbols.Where(symbol => symbol.Kind == ElfSymbolKind.Object)
            .GroupBy(symbol => symbol.Name, StringComparer.Ordinal)
            .ToDictionary(some => some.Key, some => some.First(), StringComparer.Ordinal);
        foreach (var type in Btf.Types.Where(type => type.Kind == BtfKind.Section).ToList())
        {
            if (File.Find(type.Name) is { } section)
            {
                Btf.Complete(
                    type,
                    (uint)Math.Min(section.Size, uint.MaxValue),
                    name =>
                        places.TryGetValue(name, out var symbol) && symbol.Section == section.Index
                            ? (uint)Math.Min(symbol.Value, uint.MaxValue)
                            : null
                );
            }
        }
    }
}
