namespace Fulcrum.Proxy.Streams;

/// <summary>A pipe through which one direction of a session passes without coming to user space.</summary>
internal sealed class SplicePipe(int reader, int writer, int capacity)
{
    public int Reader => reader;

    public int Writer => writer;

    /// <summary>Bytes that it may hold.</summary>
    public int Capacity => capacity;

    /// <summary>Bytes that it holds.</summary>
    public int Filled;
}
