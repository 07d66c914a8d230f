using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Bpf.Programs;

/// <summary>One instruction (RFC 9669 section 3): a load of 64 bits takes two of these.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfInstruction
{
    public const int Length = 8;

    /// <summary>A load of 64 bits.</summary>
    public const byte LoadDouble = 0x18;

    /// <summary>A call, of a helper or of a function of the program.</summary>
    public const byte Call = 0x85;

    /// <summary>Source registers that say what a number means.</summary>
    public const byte OfFunction = 1;
    public const byte OfMap = 1;
    public const byte OfMapValue = 2;
    public const byte OfFunctionAddress = 4;

    public byte Code;
    private byte _registers;
    public short Offset;
    public int Immediate;

    public byte Source
    {
        readonly get => (byte)(_registers >> 4);
        set => _registers = (byte)((_registers & 0x0f) | (value << 4));
    }

    /// <summary>It calls a function of the program, by how far away that is.</summary>
    public readonly bool CallsFunction => Code == Call && Source == OfFunction;

    public readonly bool LoadsFunction => Code == LoadDouble && Source == OfFunctionAddress;
}
