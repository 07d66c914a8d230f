using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Bpf.Maps;

/// <summary>
/// A map whose keys and values are structures. Their padding must be fields of their own, zeroed: the kernel compares
/// keys by their bytes.
/// </summary>
public sealed class BpfMap<TKey, TValue> : BpfMap
    where TKey : unmanaged
    where TValue : unmanaged
{
    /// <summary>Many entries go in one call.</summary>
    private const int BatchCount = 4096;

    /// <param name="map">Stays open and belongs to the caller.</param>
    /// <exception cref="ArgumentException">Its keys or values are of another size.</exception>
    public BpfMap(BpfMap map)
        : base(map)
    {
        if (Unsafe.SizeOf<TKey>() != Spec.KeySize || Unsafe.SizeOf<TValue>() != Spec.ValueSize)
        {
            Dispose();
            throw new ArgumentException(
                $"BPF map {Spec} does not hold {typeof(TKey).Name} of {Unsafe.SizeOf<TKey>()} bytes and {typeof(TValue).Name} of {Unsafe.SizeOf<TValue>()}"
            );
        }
    }

    /// <exception cref="LinuxException"/>
    public bool TryGet(in TKey key, out TValue value)
    {
        value = default;
        return TryGet(Bytes(in key), MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref value, 1)));
    }

    /// <summary>Of a map by processor: what each has.</summary>
    /// <param name="values">One for each of <see cref="Processors.Possible"/>.</param>
    /// <exception cref="LinuxException"/>
    public bool TryGet(in TKey key, Span<TValue> values)
    {
        var stride = ValueLength / Processors.Possible;
        Span<byte> all = ValueLength <= 1024 ? stackalloc byte[ValueLength] : new byte[ValueLength];
        if (!TryGet(Bytes(in key), all))
        {
            return false;
        }

        for (var i = 0; i < values.Length; i++)
        {
            values[i] = MemoryMarshal.Read<TValue>(all[(i * stride)..]);
        }

        return true;
    }

    /// <exception cref="LinuxException"/>
    public void Set(in TKey key, in TValue value, BpfUpdate how = BpfUpdate.Any) =>
        Set(Bytes(in key), Bytes(in value), how);

    /// <inheritdoc cref="BpfMap.TrySet(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public bool TrySet(in TKey key, in TValue value) => TrySet(Bytes(in key), Bytes(in value));

    /// <exception cref="LinuxException"/>
    public void Set(in TKey key, BpfHandle value) => Set(Bytes(in key), value);

    /// <exception cref="LinuxException"/>
    public bool Remove(in TKey key) => Remove(Bytes(in key));

    /// <summary>Sets many at once. Another reader may see some of them and others not yet.</summary>
    /// <exception cref="LinuxException"/>
    public unsafe void Set(ReadOnlySpan<TKey> keys, ReadOnlySpan<TValue> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, keys.Length);
        fixed (TKey* keysAt = keys)
        fixed (TValue* valuesAt = values)
        {
            for (var done = 0; done < keys.Length; )
            {
                var argument = new BatchArgument
                {
                    Map = Descriptor,
                    Keys = keysAt + done,
                    Values = valuesAt + done,
                    Count = (uint)Math.Min(BatchCount, keys.Length - done),
                };
                _ = BpfCall.DoOrThrow(BpfCommand.UpdateBatch, ref argument, $"set entries of BPF map {Spec.Name}");
                done += (int)argument.Count;
            }
        }
    }

    /// <summary>
    /// All entries. What changes meanwhile may be seen or not; of hash maps no entry is left out that was there all the
    /// time.
    /// </summary>
    /// <exception cref="LinuxException"/>
    public unsafe List<KeyValuePair<TKey, TValue>> ToList()
    {
        var all = new List<KeyValuePair<TKey, TValue>>();
        var (keys, values) = (new TKey[BatchCount], new TValue[BatchCount]);
        // Where the kernel stands: for hash maps four bytes, for others a key.
        var place = new byte[Math.Max(sizeof(ulong), Spec.KeySize)];
        fixed (TKey* keysAt = keys)
        fixed (TValue* valuesAt = values)
        fixed (byte* placeAt = place)
        {
            for (var isFirst = true; ; isFirst = false)
            {
                var argument = new BatchArgument
                {
                    Map = Descriptor,
                    After = isFirst ? null : placeAt,
                    Last = placeAt,
                    Keys = keysAt,
                    Values = valuesAt,
                    Count = BatchCount,
                };
                var result = BpfCall.Do(BpfCommand.LookupBatch, ref argument);
                if (result != -(int)Errno.NotFound)
                {
                    _ = LinuxException.ThrowIfError(result, $"read BPF map {Spec.Name}");
                }

                for (var i = 0; i < argument.Count; i++)
                {
                    all.Add(new(keys[i], values[i]));
                }

                if (result != 0)
                {
                    return all;
                }
            }
        }
    }

    private static ReadOnlySpan<byte> Bytes<T>(in T value)
        where T : unmanaged => MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(in value, 1));
}
