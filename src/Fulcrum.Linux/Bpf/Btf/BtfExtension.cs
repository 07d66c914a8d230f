using System.Buffers.Binary;
using Fulcrum.Linux.Bpf.Objects;

namespace Fulcrum.Linux.Bpf.Btf;

/// <summary>
/// What a compiler says of instructions (<c>.BTF.ext</c>): which function begins where, and which line of the source each
/// came from. The verifier quotes these lines when it refuses.
/// </summary>
internal sealed class BtfExtension
{
    public const int FunctionLength = 8;
    public const int LineLength = 16;

    private const ushort Magic = 0xeb9f;
    private const int HeaderLength = 24;

    private readonly Dictionary<string, List<byte[]>> _functions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<byte[]>> _lines = new(StringComparer.Ordinal);

    private BtfExtension(BtfFile btf, ReadOnlySpan<byte> bytes)
    {
        var header = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        Read(btf, Part(bytes, header, 8), FunctionLength, _functions);
        Read(btf, Part(bytes, header, 16), LineLength, _lines);
    }

    /// <exception cref="BpfObjectException"/>
    public static BtfExtension Parse(BtfFile btf, ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderLength && BinaryPrimitives.ReadUInt16LittleEndian(bytes) == Magic
            ? new(btf, bytes)
            : throw new BpfObjectException(".BTF.ext: it is something else");

    /// <summary>Records of a linked program: where each function begins, and of what type it is.</summary>
    public byte[] FunctionsOf(LinkedProgram program) => Of(program, _functions);

    /// <summary>Records of a linked program: where each line of the source begins.</summary>
    public byte[] LinesOf(LinkedProgram program) => Of(program, _lines);

    private static byte[] Of(LinkedProgram program, Dictionary<string, List<byte[]>> known)
    {
        var records = new List<byte>();
        foreach (var (function, start) in program.Functions)
        {
            foreach (var record in known.GetValueOrDefault(function.Section.Name) ?? [])
            {
                var instruction = (int)(BinaryPrimitives.ReadUInt32LittleEndian(record) / 8);
                if (function.Holds(instruction))
                {
                    byte[] moved = [.. record];
                    BinaryPrimitives.WriteUInt32LittleEndian(moved, (uint)(instruction - function.First + start));
                    records.AddRange(moved);
                }
            }
        }

        return [.. records];
    }

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> bytes, uint header, int field)
    {
        var start = (ulong)header + BinaryPrimitives.ReadUInt32LittleEndian(bytes[field..]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(field + 4)..]);
        return start <= (ulong)bytes.Length && length <= (ulong)bytes.Length - start
            ? bytes.Slice((int)start, (int)length)
            : throw new BpfObjectException(".BTF.ext: a part of it reaches beyond the end");
    }

    // Records may be longer than we know: what is behind is for newer loaders.
    private static void Read(BtfFile btf, ReadOnlySpan<byte> bytes, int known, Dictionary<string, List<byte[]>> records)
    {
        if (bytes.Length < 4)
        {
            return;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        bytes = bytes[4..];
        while (bytes.Length > 0)
        {
            if (bytes.Length < 8 || length < known)
            {
                throw new BpfObjectException(".BTF.ext: it is cut off");
            }

            var name = btf.Text(BinaryPrimitives.ReadUInt32LittleEndian(bytes));
            var count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            bytes = bytes[8..];
            if ((ulong)count * length > (ulong)bytes.Length)
            {
                throw new BpfObjectException(".BTF.ext: it is cut off");
            }

            if (!records.TryGetValue(name, out var some))
            {
                records.Add(name, some = []);
            }

            for (var i = 0; i < count; i++)
            {
                some.Add(bytes[..known].ToArray());
                bytes = bytes[(int)length..];
            }
        }
    }
}
