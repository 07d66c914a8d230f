using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Fulcrum.Forwarding.Xdp.Tables;

/// <summary>A port as the program has it: in network order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TablePort(ushort Wire)
{
    public int Number => Swap(Wire);

    public static TablePort Of(int number) => new(Swap((ushort)number));

    private static ushort Swap(ushort value) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
}
