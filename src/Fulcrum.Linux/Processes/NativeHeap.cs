namespace Fulcrum.Linux.Processes;

/// <summary>What libraries that are not .NET's have of this process's memory (malloc(3)).</summary>
public static class NativeHeap
{
    /// <summary>
    /// Gives whole pages that are free back to the machine (malloc_trim(3)). The C library does that by itself only at the end
    /// of its heaps, so that a single block that is still used keeps all before it. Others who want memory wait meanwhile: some
    /// milliseconds.
    /// </summary>
    public static void Trim()
    {
        try
        {
            _ = Native.TrimHeap(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Only the C library of GNU has it.
        }
    }
}
