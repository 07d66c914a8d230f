using System.Text;
using Fulcrum.Linux.Bpf.Btf;
using Fulcrum.Linux.Bpf.Maps;
using Fulcrum.Linux.Bpf.Programs;

namespace Fulcrum.Linux.Bpf.Objects;

/// <summary>
/// Gives an object to the kernel: its types, its maps, and then its programs. Maps that another version of the program
/// left (pinned) may be put in the place of new ones, so that what they hold is still known.
/// </summary>
public sealed class BpfLoader : IDisposable
{
    /// <summary>What the verifier has to say of a program with all functions: it is asked for more only when it refuses.</summary>
    private const int LogBytes = 16 << 20;

    /// <summary>
    /// BPF_F_ANY_ALIGNMENT: processors that .NET runs on read words wherever they are, also where the kernel does not count on
    /// it (user-mode Linux).
    /// </summary>
    private const uint AnyAlignment = 2;

    private readonly BpfObject _object;
    private readonly int _types;
    private readonly BtfExtension? _extension;
    private readonly Dictionary<string, BpfMap> _maps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _sizes = new(StringComparer.Ordinal);
    private BpfMap? _constants;

    /// <param name="of">What to load. Its constants are fixed with the first program.</param>
    /// <exception cref="LinuxException">The kernel does not take its types.</exception>
    /// <exception cref="BpfObjectException"/>
    public BpfLoader(BpfObject of)
    {
        _object = of;
        _extension = of.File.Find(".BTF.ext") is { } section ? BtfExtension.Parse(of.Btf, section.Data.Span) : null;
        _types = LoadTypes(of.Btf.Bytes);
    }

    /// <summary>Gives a map another number of entries than the object says, before it is made.</summary>
    /// <exception cref="BpfObjectException">There is none of that name, or it is there already.</exception>
    public void Resize(string name, int entries)
    {
        _ = SpecOf(name);
        if (_maps.ContainsKey(name))
        {
            throw new BpfObjectException($"map '{name}' has its size already");
        }

        _sizes[name] = entries;
    }

    /// <summary>Puts a map in the place of the object's own; it belongs to the loader from now on.</summary>
    /// <exception cref="BpfObjectException">It is not like that one, or came too late.</exception>
    public void Use(string name, BpfMap map)
    {
        var spec = SpecOf(name);
        if (!spec.FitsAs(map.Spec) || !_maps.TryAdd(name, map))
        {
            throw new BpfObjectException($"map {map.Spec} cannot be in the place of {spec}");
        }
    }

    /// <summary>A map of the object's, made when it is asked for the first time. It belongs to the loader.</summary>
    /// <exception cref="LinuxException"/>
    /// <exception cref="BpfObjectException">There is none of that name.</exception>
    public BpfMap Map(string name) => Made(SpecOf(name));

    /// <summary>Loads a program, with the maps that it needs. It belongs to the caller.</summary>
    /// <exception cref="BpfRefusedException">The verifier says no.</exception>
    /// <exception cref="LinuxException">A map cannot be had.</exception>
    /// <exception cref="BpfObjectException"/>
    public BpfProgram Load(string name)
    {
        var linked = Linker.Link(_object, name);
        foreach (var reference in linked.Maps)
        {
            ref var instruction = ref linked.Instructions[reference.Instruction];
            var map = reference.Map is { } spec ? Made(SpecOf(spec.Name)) : Constants();
            instruction.Immediate = map.Descriptor;
            linked.Instructions[reference.Instruction + 1].Immediate = reference.Map is null ? reference.Offset : 0;
        }

        // The verifier is quick while nobody listens.
        var result = Load(linked, null);
        if (result < 0)
        {
            var log = new byte[LogBytes];
            result = Load(linked, log);
            if (result < 0)
            {
                var end = log.AsSpan().IndexOf((byte)0);
                throw new BpfRefusedException(
                    name,
                    (Errno)(-result),
                    Encoding.UTF8.GetString(log, 0, end < 0 ? log.Length : end)
                );
            }
        }

        return new(result, name, linked.Type, linked.Attach);
    }

    public void Dispose()
    {
        foreach (var map in _maps.Values)
        {
            map.Dispose();
        }

        _constants?.Dispose();
        _ = Native.Close(_types);
    }

    /// <summary>What a map of the object's is like, with the size that it was given.</summary>
    /// <exception cref="BpfObjectException">There is none of that name.</exception>
    public BpfMapSpec SpecOf(string name)
    {
        var spec =
            _object.Maps.FirstOrDefault(spec => spec.Name == name)
            ?? throw new BpfObjectException($"there is no map '{name}'");
        return _sizes.TryGetValue(name, out var entries) ? spec with { MaxEntries = entries } : spec;
    }

    private BpfMap Made(BpfMapSpec spec)
    {
        if (!_maps.TryGetValue(spec.Name, out var map))
        {
            _maps.Add(spec.Name, map = BpfMap.Make(spec, _types));
        }

        return map;
    }

    private BpfMap Constants() =>
        _constants ??= BpfMap.Make(
            new()
            {
                Name = BpfObject.ConstantSection,
                Type = BpfMapType.Array,
                KeySize = sizeof(int),
                ValueSize = _object.Constants.Bytes.Length,
                MaxEntries = 1,
                Flags = BpfMapFlags.ReadOnlyForPrograms,
                Content = _object.Constants.Bytes,
                IsFrozen = true,
            }
        );

    private static unsafe int LoadTypes(ReadOnlySpan<byte> types)
    {
        fixed (byte* at = types)
        {
            var argument = new LoadTypesArgument { Types = at, Size = (uint)types.Length };
            return BpfCall.DoOrThrow(BpfCommand.LoadTypes, ref argument, "load the types of a BPF object");
        }
    }

    private unsafe int Load(LinkedProgram linked, byte[]? log)
    {
        var functions = _extension?.FunctionsOf(linked) ?? [];
        var lines = _extension?.LinesOf(linked) ?? [];
        // All or none: the kernel compares them with the functions that it finds.
        var isKnown = functions.Length == linked.Functions.Count * BtfExtension.FunctionLength;
        fixed (BpfInstruction* instructions = linked.Instructions)
        fixed (byte* license = Encoding.UTF8.GetBytes(_object.License + '\0'))
        fixed (byte* functionsAt = functions)
        fixed (byte* linesAt = lines)
        fixed (byte* logAt = log)
        {
            var argument = new LoadProgramArgument
            {
                Type = (uint)linked.Type,
                Attach = (uint)linked.Attach,
                Count = (uint)linked.Instructions.Length,
                Instructions = instructions,
                License = license,
                Flags = AnyAlignment,
                Log = logAt,
                LogLevel = log is null ? 0u : 1,
                LogSize = (uint)(log?.Length ?? 0),
                Types = isKnown ? _types : 0,
                FunctionLength = isKnown ? (uint)BtfExtension.FunctionLength : 0,
                Functions = isKnown ? functionsAt : null,
                FunctionCount = isKnown ? (uint)linked.Functions.Count : 0,
                LineLength = isKnown ? (uint)BtfExtension.LineLength : 0,
                Lines = isKnown ? linesAt : null,
                LineCount = isKnown ? (uint)(lines.Length / BtfExtension.LineLength) : 0,
            };
            BpfNames.Write(linked.Name, new Span<byte>(argument.Name, 16));
            return BpfCall.Do(BpfCommand.LoadProgram, ref argument);
        }
    }
}
