namespace Fulcrum.Linux.Processes;

/// <summary>The descriptors that this process has open.</summary>
public static unsafe class OpenDescriptors
{
    private const string Folder = "/proc/self/fd";
    private const int CurrentFolder = -100;
    private const uint Size = 0x200;

    /// <summary>The field stx_size in struct statx, in units of eight bytes.</summary>
    private const int SizeField = 5;

    private const int CloseRange = 436;
    private const int FirstOther = 3;
    private const int Last = int.MaxValue;
    private const int OnExec = 4;

    private static int _isSealed;

    /// <summary>
    /// Lets no program that is started inherit any but its standard streams. What this process opens is so anyway; what it
    /// was started with may be not. Before Linux 5.11 the kernel cannot do it (close_range(2)).
    /// </summary>
    public static void Seal()
    {
        if (Interlocked.Exchange(ref _isSealed, 1) == 0)
        {
            _ = Native.SystemCall(CloseRange, FirstOther, Last, OnExec);
        }
    }

    /// <summary>
    /// How many there are. Since Linux 6.2 the folder's size says it (proc(5)); before, its entries are counted, which takes some 100 ms
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
