namespace Fulcrum.Linux.Processes;

/// <summary>How many descriptors this process has open.</summary>
public static unsafe class OpenDescriptors
{
    private const string Folder = "/proc/self/fd";
    private const int CurrentFolder = -100;
    private const uint Size = 0x200;

    /// <summary>The field stx_size in struct statx, in units of eight bytes.</summary>
    private const int SizeField = 5;

    /// <summary>
    /// Since Linux 6.2 the folder's size says it (proc(5)); before, its entries are counted, which takes some 100 ms
    /// for half a million.
    /// </summary>
    public static long Count()
    {
        var status = stackalloc long[32];
        return Native.StatX(CurrentFolder, Folder, 0, Size, status) == 0 && status[SizeField] > 0
            ? status[SizeField]
            : Directory.EnumerateFileSystemEntries(Folder).LongCount();
    }
}
