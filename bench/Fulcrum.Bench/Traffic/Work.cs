namespace Fulcrum.Bench.Traffic;

/// <summary>What is measured: a title, how many connections at once, and whether a unit is a connection or an answer.</summary>
internal sealed record Work(string Title, int Connections, bool NewConnections);

/// <summary>What one stretch of load did.</summary>
/// <param name="Units">Answers, or connections from opening to the end of the stream.</param>
/// <param name="Errors">Connections that failed or ended early.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Cpu">Processor time of what was measured.</param>
internal sealed record Sample(long Units, long Errors, TimeSpan Elapsed, TimeSpan Cpu)
{
    public double PerSecond => Units / Elapsed.TotalSeconds;

    public double MicrosecondsEach => Cpu.TotalMicroseconds / Math.Max(1, Units);

    public double BusyShare => Cpu / Elapsed;
}
