using Fulcrum.Bench.Packets;
using Fulcrum.Bench.Statistics;
using Fulcrum.Forwarding.Xdp;
using Path = Fulcrum.Bench.Packets.Path;

namespace Fulcrum.Bench;

/// <summary>
/// What a packet costs in the kernel's balancer: nanoseconds of a test run, without any interface, as a multiple of what a
/// program costs that does nothing. Each path is measured with everything loaded, and with nothing that it does not need.
/// Rounds take turns, and a ratio is taken for each.
/// </summary>
internal static class XdpBenchmark
{
    public static int Run(string[] arguments)
    {
        if (Arguments.Parse(arguments, ("rounds", 9), ("packets", 200_000)) is not [var rounds, var packets])
        {
            return 2;
        }

        Console.WriteLine(Machine.Describe());
        using var stand = new Stand();
        var nothing = Median.Of(Times((int)rounds, () => stand.Nothing((int)packets)));
        Console.WriteLine($"a program that does nothing: {nothing:0} ns");
        Console.WriteLine();
        Console.WriteLine("| path | lean, ns | × nothing | at most | full, ns | × nothing | at most | |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        var missed = 0;
        foreach (var path in Path.All)
        {
            var (lean, full) = Measure(stand, path, (int)rounds, (int)packets);
            var isMissed = lean.Ratio > path.MostLean || full.Ratio > path.MostFull;
            missed += isMissed ? 1 : 0;
            Console.WriteLine(
                $"| {path.Name} | {lean.Time:0} | {lean.Ratio:0.0} | {path.MostLean:0} | {full.Time:0} | {full.Ratio:0.0} | {path.MostFull:0} | {(isMissed ? "missed" : "")} |"
            );
        }

        return missed == 0 ? 0 : 1;
    }

    private static ((double Time, double Ratio) Lean, (double Time, double Ratio) Full) Measure(
        Stand stand,
        Path path,
        int rounds,
        int packets
    )
    {
        using var lean = path.Load(path.Lean);
        using var full = path.Load(new());
        var samples = Enumerable
            .Range(0, rounds)
            .Select(_ =>
            {
                var (nothing, overhead) = (stand.Nothing(packets), stand.Overhead(packets));
                return (Nothing: nothing, Lean: Of(lean) - overhead + nothing, Full: Of(full) - overhead + nothing);
            })
            .ToList();
        return (
            (Median.Of(samples.Select(one => one.Lean)), Median.Of(samples.Select(one => one.Lean / one.Nothing))),
            (Median.Of(samples.Select(one => one.Full)), Median.Of(samples.Select(one => one.Full / one.Nothing)))
        );

        double Of(XdpProgram program) => stand.Restored(program.Program, path.Frame, packets, path.Verdict);
    }

    private static List<double> Times(int rounds, Func<double> measure) =>
        Enumerable.Range(0, rounds).Select(_ => measure()).ToList();
}
