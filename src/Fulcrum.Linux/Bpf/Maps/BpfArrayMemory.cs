using System.Runtime.CompilerServices;

namespace Fulcrum.Linux.Bpf.Maps;

/// <summary>
/// The values of an array that is <see cref="BpfMapFlags.Mappable"/>, in this process's memory: programs write them while
/// they are read here, without a call. Whoever reads a value takes care that each of its fields is read at once.
/// </summary>
public sealed unsafe class BpfArrayMemory<T> : IDisposable
    where T : unmanaged
{
    private const int Readable = 1;
    private const int Shared = 1;

    private readonly T* _values;
    private readonly nuint _length;

    /// <param name="map">Stays open and belongs to the caller.</param>
    /// <exception cref="LinuxException"/>
    /// <exception cref="ArgumentException">Its values are of another size.</exception>
    public BpfArrayMemory(BpfMap map)
    {
        var size = Unsafe.SizeOf<T>();
        if (size != map.Spec.ValueSize || size % sizeof(ulong) != 0)
        {
            throw new ArgumentException($"BPF map {map.Spec} does not hold {typeof(T).Name} of {size} bytes");
        }

        Count = map.Spec.MaxEntries;
        var page = (nuint)Environment.SystemPageSize;
        _length = (((nuint)size * (nuint)Count) + page - 1) / page * page;
        var address = Native.Map(0, _length, Readable, Shared, map.Descriptor, 0);
        _values =
            address != -1
                ? (T*)address
                : throw new LinuxException((Errno)(-Native.Result(-1)), $"map BPF array {map.Spec.Name}");
    }

    public int Count { get; }

    public ref readonly T this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            return ref _values[index];
        }
    }

    public void Dispose() => _ = Native.Unmap((nint)_values, _length);
}
