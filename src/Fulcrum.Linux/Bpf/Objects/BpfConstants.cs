using System.Runtime.InteropServices;
using Fulcrum.Linux.Bpf.Elf;

namespace Fulcrum.Linux.Bpf.Objects;

/// <summary>
/// The constants of an object (<c>.rodata</c>), which may be chosen until it is loaded. Then they are frozen: the verifier
/// knows their values, and leaves out what they forbid.
/// </summary>
public sealed class BpfConstants
{
    private readonly Dictionary<string, (int Offset, int Size)> _places = new(StringComparer.Ordinal);
    private readonly byte[] _bytes;

    internal BpfConstants(ElfFile file, ElfSection? section)
    {
        _bytes = section?.Data.ToArray() ?? [];
        foreach (var symbol in file.Symbols)
        {
            if (symbol.Kind == ElfSymbolKind.Object && symbol.Section == section?.Index)
            {
                if (symbol.Value > (ulong)_bytes.Length || symbol.Size > (ulong)_bytes.Length - symbol.Value)
                {
                    throw new BpfObjectException($"constant '{symbol.Name}' is not in its section");
                }

                _places[symbol.Name] = ((int)symbol.Value, (int)symbol.Size);
            }
        }
    }

    public IEnumerable<string> Names => _places.Keys;

    internal ReadOnlyMemory<byte> Bytes => _bytes;

    /// <exception cref="BpfObjectException">There is none of that name, or it has another size.</exception>
    public void Set<T>(string name, T value)
        where T : unmanaged => MemoryMarshal.Write(Place<T>(name), value);

    /// <inheritdoc cref="Set{T}"/>
    public T Get<T>(string name)
        where T : unmanaged => MemoryMarshal.Read<T>(Place<T>(name));

    private Span<byte> Place<T>(string name)
        where T : unmanaged
    {
        var size = System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        return !_places.TryGetValue(name, out var place)
                ? throw new BpfObjectException($"there is no constant '{name}'")
            : place.Size != size
                ? throw new BpfObjectException($"constant '{name}' has {place.Size} bytes, and {size} were given")
            : _bytes.AsSpan(place.Offset, size);
    }
}
