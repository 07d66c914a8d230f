namespace Fulcrum.Bench.Traffic;

/// <summary>What one stretch of load did.</summary>
/// <param name="Units">Answers, connections from opening to the end of the stream, bytes or datagrams.</param>
/// <param name="Errors">Connections that failed or ended early; datagrams without an answer.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Cpu">Processor time of what was measured.</param>
/// <param name="Half">Half of all answers came within this.</param>
/// <param name="Tail">99 % of all answers came within this.</param>
internal sealed record Sample(long Units, long Errors, TimeSpan Elapsed, TimeSpan Cpu, TimeSpan Half, TimeSpan Tail)
{
    /// <summary>Proportional memory of what was measured, at the end.</summary>
    public double Memory { get; init; }

    /// <summary>Processor time of the load itself.</summary>
    public TimeSpan LoadCpu { get; init; }

    /// <summary>What the newest connection has agreed on.</summary>
    public string Agreed { get; init; } = "";

    public double PerSecond => Units / Elapsed.TotalSeconds;

    public double MicrosecondsEach => Cpu.TotalMicroseconds / Math.Max(1, Units);

    public double BusyShare => Cpu / Elapsed;

    public double LoadShare => LoadCpu / Elapsed;
}
