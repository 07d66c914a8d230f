using System.Runtime.InteropServices;

namespace Fulcrum.Linux.Bpf;

/// <summary>bpf(2). Its argument is a union: for each command there is a structure here.</summary>
internal static unsafe class BpfCall
{
    private static readonly nint Number = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 321,
        // As in asm-generic/unistd.h: arm64, riscv64, loongarch64.
        _ => 280,
    };

    /// <returns>A descriptor or 0; below 0: the error number.</returns>
    public static int Do<T>(BpfCommand command, ref T argument)
        where T : unmanaged
    {
        fixed (T* at = &argument)
        {
            return Native.Result(Native.SystemCall(Number, (nint)command, (nint)at, sizeof(T)));
        }
    }

    /// <exception cref="LinuxException"/>
    public static int DoOrThrow<T>(BpfCommand command, ref T argument, string action)
        where T : unmanaged => LinuxException.ThrowIfError(Do(command, ref argument), action);
}
