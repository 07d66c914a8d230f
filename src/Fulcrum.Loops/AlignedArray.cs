using System.Runtime.InteropServices;

namespace Fulcrum.Loops;

/// <summary>
/// Arrays that the kernel copies to and that begin at a cache line. A pinned array lies at any multiple of eight bytes;
/// eight bytes beyond the start of a page, which is where the first large one came to lie, some processors take twice as
/// long to copy what begins at the start of a page, as most of what sockets hold does.
/// </summary>
internal static class AlignedArray
{
    public const int Alignment = 64;

    private const int Step = sizeof(long);

    /// <summary>What an array needs beside its elements.</summary>
    private const int Overhead = 3 * Step;

    /// <summary>Where arrays do not follow each other, all residues may never come; then any place must do.</summary>
    private const int MostTries = 64;

    /// <summary>A pinned array of exactly this length, with anything in it.</summary>
    public static byte[] Allocate(int length)
    {
        var array = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        for (var tries = 1; tries < MostTries && !IsAligned(array); tries++)
        {
            // With this in between, the next one lies one step further on. The collector takes what is left.
            _ = GC.AllocateUninitializedArray<byte>(Filling(length), pinned: true);
            array = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        }

        return array;
    }

    private static bool IsAligned(byte[] array) => Marshal.UnsafeAddrOfPinnedArrayElement(array, 0) % Alignment == 0;

    private static int Filling(int length)
    {
        var taken = ((length + Step - 1) / Step * Step) + (2 * Overhead);
        return (Alignment + Step - (taken % Alignment)) % Alignment;
    }
}
