using System.Buffers.Binary;
using System.Text;
using Fulcrum.Linux.Sockets;

namespace Fulcrum.Linux.Bpf.Maps;

/// <summary>
/// Memory that programs in the kernel and processes share: entries of bytes under keys of bytes. Of maps by processor a
/// value is one for each possible processor, each rounded up to eight bytes.
/// </summary>
public class BpfMap : BpfHandle
{
    /// <summary>With a millisecond between most of them.</summary>
    private const int MostAttempts = 200;

    private const int NameLength = 16;

    private BpfMap(int descriptor, BpfMapSpec spec)
        : base(descriptor) => Spec = spec;

    /// <summary>Another handle of the same map.</summary>
    /// <exception cref="LinuxException"/>
    public BpfMap Copy() => new(this);

    private protected BpfMap(BpfMap other)
        : base(LinuxException.ThrowIfError(SocketCalls.Duplicate(other.Descriptor), "copy a descriptor")) =>
        Spec = other.Spec;

    /// <summary>As it is.</summary>
    public BpfMapSpec Spec { get; private set; }

    /// <summary>Bytes of a value as user space has it.</summary>
    public int ValueLength => IsPerCpu ? (Spec.ValueSize + 7) / 8 * 8 * Processors.Possible : Spec.ValueSize;

    /// <summary>The kernel's number for it: entries of maps of maps are shown by it.</summary>
    public uint Id
    {
        get
        {
            Span<byte> information = stackalloc byte[8];
            Inform(information);
            return BinaryPrimitives.ReadUInt32LittleEndian(information[4..]);
        }
    }

    private protected override string Kind => "map";

    private bool IsPerCpu =>
        Spec.Type is BpfMapType.PerCpuArray or BpfMapType.PerCpuHash or BpfMapType.LeastRecentlyUsedPerCpuHash;

    /// <exception cref="LinuxException"/>
    public static BpfMap Make(BpfMapSpec spec) => Make(spec, types: 0);

    /// <summary>One that has a name in the BPF file system; null: there is no such name.</summary>
    /// <exception cref="LinuxException"/>
    public static BpfMap? Open(string path)
    {
        if (Open(path, "map") is not { } descriptor)
        {
            return null;
        }

        var map = new BpfMap(descriptor, new() { Name = "", Type = BpfMapType.None });
        try
        {
            // struct bpf_map_info: type, id, key, value, entries, flags, name.
            Span<byte> information = stackalloc byte[40];
            map.Inform(information);
            var name = information[24..];
            map.Spec = new()
            {
                Type = (BpfMapType)BinaryPrimitives.ReadUInt32LittleEndian(information),
                KeySize = BinaryPrimitives.ReadInt32LittleEndian(information[8..]),
                ValueSize = BinaryPrimitives.ReadInt32LittleEndian(information[12..]),
                MaxEntries = BinaryPrimitives.ReadInt32LittleEndian(information[16..]),
                Flags = (BpfMapFlags)BinaryPrimitives.ReadUInt32LittleEndian(information[20..]),
                Name = Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]),
            };
            return map;
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    /// <summary>False: there is nothing under that key.</summary>
    /// <param name="value">As long as <see cref="ValueLength"/>.</param>
    /// <exception cref="LinuxException"/>
    public bool TryGet(ReadOnlySpan<byte> key, Span<byte> value) =>
        Do(BpfCommand.Lookup, key, value, 0, "look up an entry of");

    /// <summary>Takes the entry out of the map.</summary>
    /// <inheritdoc cref="TryGet"/>
    public bool TryTake(ReadOnlySpan<byte> key, Span<byte> value) =>
        Do(BpfCommand.LookupAndDelete, key, value, 0, "take an entry of");

    /// <exception cref="LinuxException">It is full, for example.</exception>
    public unsafe void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, BpfUpdate how = BpfUpdate.Any)
    {
        Check(key, value.Length);
        fixed (byte* keyAt = key)
        fixed (byte* valueAt = value)
        {
            var argument = new ElementArgument
            {
                Map = Descriptor,
                Key = keyAt,
                ValueOrNext = valueAt,
                Flags = (ulong)how,
            };
            _ = LinuxException.ThrowIfError(Update(ref argument), $"set an entry of BPF map {Spec.Name}");
        }
    }

    /// <summary>The same where it may well be full, and nobody wants an exception. False: the kernel refuses.</summary>
    public unsafe bool TrySet(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        Check(key, value.Length);
        fixed (byte* keyAt = key)
        fixed (byte* valueAt = value)
        {
            var argument = new ElementArgument
            {
                Map = Descriptor,
                Key = keyAt,
                ValueOrNext = valueAt,
            };
            return Update(ref argument) >= 0;
        }
    }

    // Entries that are not made beforehand come, from Linux 6.1 on, from a store that each processor has. When that is empty
    // it is filled a moment later.
    private static int Update(ref ElementArgument argument)
    {
        var wait = default(SpinWait);
        int result;
        do
        {
            result = BpfCall.Do(BpfCommand.Update, ref argument);
            if (result != -(int)Errno.OutOfMemory)
            {
                return result;
            }

            wait.SpinOnce();
        } while (wait.Count < MostAttempts);
        return result;
    }

    /// <summary>An entry of a map of maps, or of programs.</summary>
    /// <exception cref="LinuxException"/>
    public void Set(ReadOnlySpan<byte> key, BpfHandle value)
    {
        Span<byte> descriptor = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(descriptor, value.Descriptor);
        Set(key, descriptor);
    }

    /// <summary>False: there was nothing under that key.</summary>
    /// <exception cref="LinuxException"/>
    public bool Remove(ReadOnlySpan<byte> key) => Do(BpfCommand.Delete, key, default, 0, "delete an entry of");

    /// <summary>From now on nobody in user space changes it.</summary>
    /// <exception cref="LinuxException"/>
    public void Freeze()
    {
        var argument = new ElementArgument { Map = Descriptor };
        _ = BpfCall.DoOrThrow(BpfCommand.Freeze, ref argument, $"freeze BPF map {Spec.Name}");
    }

    /// <summary>The key that comes after another in the kernel's order. False: there is none.</summary>
    /// <param name="key">Empty: from the beginning.</param>
    /// <param name="next">Room for it.</param>
    /// <exception cref="LinuxException"/>
    public unsafe bool TryNext(ReadOnlySpan<byte> key, Span<byte> next)
    {
        fixed (byte* keyAt = key)
        fixed (byte* nextAt = next)
        {
            var argument = new ElementArgument
            {
                Map = Descriptor,
                Key = key.IsEmpty ? null : keyAt,
                ValueOrNext = nextAt,
            };
            return IsThere(BpfCall.Do(BpfCommand.NextKey, ref argument), "walk over");
        }
    }

    internal static unsafe BpfMap Make(BpfMapSpec spec, int types)
    {
        using var inner = spec.Inner is { } one ? Make(one with { Content = default, IsFrozen = false }, types) : null;
        var isTold = types != 0 && spec.ValueType != 0;
        var argument = new MakeMapArgument
        {
            Type = (uint)spec.Type,
            KeySize = (uint)spec.KeySize,
            ValueSize = (uint)spec.ValueSize,
            MaxEntries = (uint)spec.MaxEntries,
            Flags = (uint)spec.Flags,
            InnerMap = inner?.Descriptor ?? 0,
            Types = isTold ? types : 0,
            KeyType = isTold ? spec.KeyType : 0,
            ValueType = isTold ? spec.ValueType : 0,
        };
        BpfNames.Write(spec.Name, new Span<byte>(argument.Name, NameLength));
        var descriptor = LinuxException.ThrowIfError(
            BpfCall.Do(BpfCommand.MakeMap, ref argument),
            $"make BPF map {spec}"
        );
        var map = new BpfMap(descriptor, spec);
        try
        {
            if (!spec.Content.IsEmpty)
            {
                map.Set(stackalloc byte[sizeof(int)], spec.Content.Span);
            }

            if (spec.IsFrozen)
            {
                map.Freeze();
            }

            return map;
        }
        catch
        {
            map.Dispose();
            throw;
        }
    }

    private unsafe bool Do(BpfCommand command, ReadOnlySpan<byte> key, Span<byte> value, ulong flags, string verb)
    {
        Check(key, command == BpfCommand.Delete ? ValueLength : value.Length);
        fixed (byte* keyAt = key)
        fixed (byte* valueAt = value)
        {
            var argument = new ElementArgument
            {
                Map = Descriptor,
                Key = keyAt,
                ValueOrNext = valueAt,
                Flags = flags,
            };
            return IsThere(BpfCall.Do(command, ref argument), verb);
        }
    }

    private bool IsThere(int result, string verb) =>
        result != -(int)Errno.NotFound && LinuxException.ThrowIfError(result, $"{verb} BPF map {Spec.Name}") >= 0;

    // The kernel would read or write beyond their ends.
    private void Check(ReadOnlySpan<byte> key, int valueLength)
    {
        if (key.Length != Spec.KeySize || valueLength != ValueLength)
        {
            throw new ArgumentException(
                $"BPF map {Spec.Name} has keys of {Spec.KeySize} and values of {ValueLength} bytes, not {key.Length} and {valueLength}"
            );
        }
    }
}
