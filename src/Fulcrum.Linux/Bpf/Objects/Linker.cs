using System.Runtime.InteropServices;
using Fulcrum.Linux.Bpf.Elf;
using Fulcrum.Linux.Bpf.Programs;

namespace Fulcrum.Linux.Bpf.Objects;

/// <summary>
/// Puts a program together. Compilers leave functions that are called in a section of their own, and calls of them
/// unfinished: the kernel wants one array of instructions, in which a call says how many instructions away its function
/// begins. A call within one section has no relocation at all; its distance counts in that section.
/// </summary>
internal sealed class Linker
{
    /// <summary>The verifier looks at no more than a million.</summary>
    private const int MostInstructions = 1 << 20;

    private readonly BpfObject _object;
    private readonly List<BpfInstruction> _instructions = [];
    private readonly List<(BpfFunction Function, int Start)> _functions = [];
    private readonly List<(int Instruction, BpfFunction Target)> _calls = [];
    private readonly List<MapReference> _maps = [];
    private readonly int? _constants;

    private Linker(BpfObject of)
    {
        _object = of;
        _constants = of.File.Find(BpfObject.ConstantSection)?.Index;
    }

    /// <exception cref="BpfObjectException"/>
    public static LinkedProgram Link(BpfObject of, string program)
    {
        var entry = of.EntryOf(program);
        var (type, attach) = SectionKinds.Of(entry.Section.Name);
        var linker = new Linker(of);
        linker.Add(entry);
        // More come as they are looked at.
        for (var i = 0; i < linker._functions.Count; i++)
        {
            linker.Copy(linker._functions[i].Function, i);
        }

        linker.Connect();
        return new()
        {
            Name = program,
            Type = type,
            Attach = attach,
            Instructions = [.. linker._instructions],
            Maps = linker._maps,
            Functions = linker._functions,
        };
    }

    private void Add(BpfFunction function)
    {
        if (!_functions.Exists(known => known.Function == function))
        {
            _functions.Add((function, -1));
        }
    }

    private void Copy(BpfFunction function, int place)
    {
        var start = _instructions.Count;
        if (start + function.Count > MostInstructions)
        {
            throw new BpfObjectException(
                $"'{_functions[0].Function.Name}' has more than {MostInstructions} instructions"
            );
        }

        _functions[place] = (function, start);
        var code = MemoryMarshal.Cast<byte, BpfInstruction>(function.Section.Data.Span);
        var relocations = _object
            .File.RelocationsOf(function.Section)
            .Where(one => function.Holds(one.Offset / BpfInstruction.Length))
            .ToDictionary(one => one.Offset / BpfInstruction.Length - function.First);
        for (var i = 0; i < function.Count; i++)
        {
            var instruction = code[function.First + i];
            if (relocations.TryGetValue(i, out var relocation))
            {
                instruction = Relocate(function, i, instruction, relocation);
            }
            else if (instruction.CallsFunction)
            {
                Call(start + i, function.Section, function.First + i + instruction.Immediate + 1L);
            }

            _instructions.Add(instruction);
            if (instruction.Code == BpfInstruction.LoadDouble)
            {
                // Its second half is no instruction, whatever its first byte looks like.
                if (++i >= function.Count)
                {
                    throw new BpfObjectException($"'{function.Name}' ends within a load");
                }

                var second = code[function.First + i];
                second.Immediate = relocation is null ? second.Immediate : 0;
                _instructions.Add(second);
            }
        }
    }

    private BpfInstruction Relocate(BpfFunction function, int at, BpfInstruction instruction, ElfRelocation relocation)
    {
        var symbol = relocation.Symbol;
        var place = _instructions.Count;
        var isLoad = relocation.Type == ElfRelocation.Load && instruction.Code == BpfInstruction.LoadDouble;
        var isCall = relocation.Type == ElfRelocation.Call && instruction.CallsFunction;
        if ((!isLoad && !isCall) || symbol.Section == 0 || symbol.Section >= _object.File.Sections.Count)
        {
            var what = symbol.Name.Length > 0 ? $"'{symbol.Name}'" : "something";
            throw new BpfObjectException(
                $"'{function.Name}', instruction {at}: {what} is not known here (relocation {relocation.Type})"
            );
        }

        var section = _object.File.Sections[symbol.Section];
        if (section.IsCode)
        {
            var first = (long)symbol.Value / BpfInstruction.Length;
            Call(
                place,
                section,
                isCall ? first + instruction.Immediate + 1L : first + (instruction.Immediate / BpfInstruction.Length)
            );
            instruction.Source = isCall ? BpfInstruction.OfFunction : BpfInstruction.OfFunctionAddress;
        }
        else if (isLoad && section.Name == ".maps")
        {
            _maps.Add(new(place, _object.MapAt(symbol.Value), 0));
            instruction.Source = BpfInstruction.OfMap;
        }
        else if (isLoad && section.Index == _constants)
        {
            _maps.Add(new(place, null, (int)Math.Min(symbol.Value, int.MaxValue / 2) + instruction.Immediate));
            instruction.Source = BpfInstruction.OfMapValue;
        }
        else
        {
            throw new BpfObjectException(
                $"'{function.Name}', instruction {at}: variables in section {section.Name} are not for programs; a map is"
            );
        }

        return instruction;
    }

    private void Call(int place, ElfSection section, long instruction)
    {
        var target =
            _object.Functions.FirstOrDefault(function => function.Section == section && function.First == instruction)
            ?? throw new BpfObjectException($"a call leads to no function ({section.Name}, instruction {instruction})");
        Add(target);
        _calls.Add((place, target));
    }

    private void Connect()
    {
        var starts = _functions.ToDictionary(one => one.Function, one => one.Start);
        foreach (var (place, target) in _calls)
        {
            var instruction = _instructions[place];
            instruction.Immediate = starts[target] - place - 1;
            _instructions[place] = instruction;
        }
    }
}
