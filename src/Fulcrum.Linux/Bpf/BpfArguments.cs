using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Bpf;

/// <summary>BPF_MAP_CREATE.</summary>
[StructLayout(LayoutKind.Explicit, Size = 72)]
internal unsafe struct MakeMapArgument
{
    [FieldOffset(0)]
    public uint Type;

    [FieldOffset(4)]
    public uint KeySize;

    [FieldOffset(8)]
    public uint ValueSize;

    [FieldOffset(12)]
    public uint MaxEntries;

    [FieldOffset(16)]
    public uint Flags;

    [FieldOffset(20)]
    public int InnerMap;

    [FieldOffset(28)]
    public fixed byte Name[16];

    [FieldOffset(48)]
    public int Types;

    [FieldOffset(52)]
    public uint KeyType;

    [FieldOffset(56)]
    public uint ValueType;
}

/// <summary>BPF_MAP_*_ELEM, BPF_MAP_GET_NEXT_KEY, BPF_MAP_FREEZE.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal unsafe struct ElementArgument
{
    [FieldOffset(0)]
    public int Map;

    [FieldOffset(8)]
    public void* Key;

    [FieldOffset(16)]
    public void* ValueOrNext;

    [FieldOffset(24)]
    public ulong Flags;
}

/// <summary>BPF_MAP_*_BATCH.</summary>
[StructLayout(LayoutKind.Explicit, Size = 56)]
internal unsafe struct BatchArgument
{
    [FieldOffset(0)]
    public void* After;

    [FieldOffset(8)]
    public void* Last;

    [FieldOffset(16)]
    public void* Keys;

    [FieldOffset(24)]
    public void* Values;

    [FieldOffset(32)]
    public uint Count;

    [FieldOffset(36)]
    public int Map;

    [FieldOffset(40)]
    public ulong ElementFlags;

    [FieldOffset(48)]
    public ulong Flags;
}

/// <summary>BPF_PROG_LOAD.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal unsafe struct LoadProgramArgument
{
    [FieldOffset(0)]
    public uint Type;

    [FieldOffset(4)]
    public uint Count;

    [FieldOffset(8)]
    public void* Instructions;

    [FieldOffset(16)]
    public void* License;

    [FieldOffset(24)]
    public uint LogLevel;

    [FieldOffset(28)]
    public uint LogSize;

    [FieldOffset(32)]
    public void* Log;

    [FieldOffset(44)]
    public uint Flags;

    [FieldOffset(48)]
    public fixed byte Name[16];

    [FieldOffset(68)]
    public uint Attach;

    [FieldOffset(72)]
    public int Types;

    [FieldOffset(76)]
    public uint FunctionLength;

    [FieldOffset(80)]
    public void* Functions;

    [FieldOffset(88)]
    public uint FunctionCount;

    [FieldOffset(92)]
    public uint LineLength;

    [FieldOffset(96)]
    public void* Lines;

    [FieldOffset(104)]
    public uint LineCount;
}

/// <summary>BPF_BTF_LOAD.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal unsafe struct LoadTypesArgument
{
    [FieldOffset(0)]
    public void* Types;

    [FieldOffset(8)]
    public void* Log;

    [FieldOffset(16)]
    public uint Size;

    [FieldOffset(20)]
    public uint LogSize;

    [FieldOffset(24)]
    public uint LogLevel;
}

/// <summary>BPF_OBJ_PIN, BPF_OBJ_GET.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct PinArgument
{
    [FieldOffset(0)]
    public void* Path;

    [FieldOffset(8)]
    public int Descriptor;

    [FieldOffset(12)]
    public uint Flags;
}

/// <summary>BPF_PROG_TEST_RUN.</summary>
[StructLayout(LayoutKind.Explicit, Size = 80)]
internal unsafe struct TestRunArgument
{
    [FieldOffset(0)]
    public int Program;

    [FieldOffset(4)]
    public uint Returned;

    [FieldOffset(8)]
    public uint InputLength;

    [FieldOffset(12)]
    public uint OutputLength;

    [FieldOffset(16)]
    public void* Input;

    [FieldOffset(24)]
    public void* Output;

    [FieldOffset(32)]
    public uint Repeat;

    /// <summary>Of one run, in nanoseconds.</summary>
    [FieldOffset(36)]
    public uint Duration;

    [FieldOffset(40)]
    public uint ContextInputLength;

    [FieldOffset(44)]
    public uint ContextOutputLength;

    [FieldOffset(48)]
    public void* ContextInput;

    [FieldOffset(56)]
    public void* ContextOutput;

    [FieldOffset(64)]
    public uint Flags;

    [FieldOffset(68)]
    public uint Processor;

    [FieldOffset(72)]
    public uint Batch;
}

/// <summary>BPF_LINK_CREATE.</summary>
[StructLayout(LayoutKind.Explicit, Size = 48)]
internal struct MakeLinkArgument
{
    [FieldOffset(0)]
    public int Program;

    /// <summary>An interface's index, or a descriptor.</summary>
    [FieldOffset(4)]
    public int Target;

    [FieldOffset(8)]
    public uint Attach;

    [FieldOffset(12)]
    public uint Flags;
}

/// <summary>BPF_LINK_UPDATE, BPF_LINK_DETACH.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct LinkArgument
{
    [FieldOffset(0)]
    public int Link;

    [FieldOffset(4)]
    public int Program;

    [FieldOffset(8)]
    public uint Flags;

    [FieldOffset(12)]
    public int Former;
}

/// <summary>BPF_OBJ_GET_INFO_BY_FD.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct InformationArgument
{
    [FieldOffset(0)]
    public int Descriptor;

    [FieldOffset(4)]
    public uint Length;

    [FieldOffset(8)]
    public void* Information;
}

/// <summary>BPF_*_GET_FD_BY_ID.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct IdArgument
{
    [FieldOffset(0)]
    public uint Id;

    [FieldOffset(8)]
    public uint Flags;
}
