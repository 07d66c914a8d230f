namespace Fulcrum.Loops;

/// <summary>The sizes of one loop. The defaults are what measurements favoured.</summary>
public sealed record LoopOptions
{
    /// <summary>Bytes in the scratch buffer and in each overflow buffer.</summary>
    public int BufferSize { get; init; } = 64 * 1024;

    /// <summary>How many overflow buffers may be in use at once.</summary>
    public int MaxBuffers { get; init; } = 1024;

    /// <summary>A read of at least so many bytes is a large one.</summary>
    public int LargeRead { get; init; } = 16 * 1024;

    /// <summary>After so many large reads in a row a stream goes through a pipe in the kernel.</summary>
    public int SpliceAfter { get; init; } = 6;

    /// <summary>How many pipes may be open at once.</summary>
    public int MaxPipes { get; init; } = 256;

    /// <summary>How many TLS handshakes with clients may be under way at once.</summary>
    public int MaxHandshakes { get; init; } = 2048;

    /// <summary>How many events one wait fetches.</summary>
    public int EventsPerTurn { get; init; } = 256;

    /// <summary>How many reads one object may make in a turn before the others get theirs.</summary>
    public int ReadsPerTurn { get; init; } = 8;
}
