using System.Globalization;

namespace Fulcrum.Bench.Checks;

/// <summary>What was wanted, and whether it is so.</summary>
internal sealed class Bounds
{
    public bool AreKept { get; private set; } = true;

    public void Keep(string what, double value, double most, string unit)
    {
        AreKept &= value <= most;
        Tell(what, value, most, unit, value <= most ? "" : ": MISSED");
    }

    /// <summary>Processor time is not the program's own doing where others contend for the processors.</summary>
    public void KeepIfIdle(string what, double value, double most, string unit)
    {
        var load = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
        if (load <= Environment.ProcessorCount)
        {
            Keep(what, value, most, unit);
        }
        else
        {
            Tell(what, value, most, unit, $"; only told, the machine is busy: load {load}");
        }
    }

    private static void Tell(string what, double value, double most, string unit, string verdict) =>
        Console.WriteLine($"    {what} {value:0.###} {unit}, wanted: at most {most:0.##}{verdict}");
}
