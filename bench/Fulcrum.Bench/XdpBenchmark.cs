using Fulcrum.Bench.Live;
using Fulcrum.Bench.Packets;
using Fulcrum.Bench.Statistics;
using Fulcrum.Forwarding.Xdp;
using static System.FormattableString;
using Path = Fulcrum.Bench.Packets.Path;

namespace Fulcrum.Bench;

/// <summary>
/// What a packet costs in the kernel's balancer. Live: processor time of frames that go from card to card, beside that of
/// the kernel's own NAT. By a test run: nanoseconds without any interface, as a multiple of what a program costs that does
/// nothing, and of what a frame costs with the kernel's NAT; each path is measured with everything loaded, and with nothing
/// that it does not need. Rounds take turns, and a ratio is taken for each.
/// </summary>
internal static class XdpBenchmark
{
    public static int Run(string[] arguments)
    {
        if (
            Arguments.Parse(arguments, ("rounds", 9), ("packets", 200_000), ("frames", 1_000_000))
            is not [var rounds, var packets, var frames]
        )
        {
            return 2;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            Console.Error.WriteLine("programs in the kernel, and network namespaces for their frames, want root");
            return 2;
        }

        Console.WriteLine($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, {Machine.Describe()}");
        var missed = new List<string>();
        var peer = MeasureLive((int)rounds, (int)frames, missed);
        MeasureByRuns((int)rounds, (int)packets, peer, missed);
        Console.WriteLine();
        missed.ForEach(one => Console.WriteLine($"missed: {one}"));
        return missed.Count == 0 ? 0 : 1;
    }

    /// <returns>What a frame costs with the peer.</returns>
    private static double MeasureLive(int rounds, int frames, List<string> missed)
    {
        var (nowhere, lanes, replaced) = LivePart.Measure(rounds, frames);
        Console.WriteLine(Invariant($"live: sending a frame and counting it: {nowhere:0} ns of processor"));
        Console.WriteLine();
        Console.WriteLine("| live path | with these, ns | without, ns | × nft's | at most | came out | |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var result in lanes)
        {
            var (lane, time, own, ratio, delivered) = result;
            var most = double.IsFinite(lane.Most) ? Invariant($"{lane.Most}") : "";
            Console.WriteLine(
                Invariant(
                    $"| {lane.Name} | {time:0} | {own:0} | {ratio.Estimate:0.00} [{ratio.Low:0.00}, {ratio.High:0.00}] | {most} | {delivered:0.00} | {(result.Missed is null ? "" : "missed")} |"
                )
            );
        }

        Console.WriteLine();
        foreach (var one in replaced)
        {
            Console.WriteLine($"live: {one}");
        }

        missed.AddRange(lanes.Select(lane => lane.Missed).Concat(replaced.Select(one => one.Missed)).OfType<string>());
        return lanes.Single(one => one.Lane == Lane.Peer).Own;
    }

    private static void MeasureByRuns(int rounds, int packets, double peer, List<string> missed)
    {
        using var stand = new Stand();
        var nothing = Median.Of(Times(rounds, () => stand.Nothing(packets)));
        Console.WriteLine();
        Console.WriteLine($"test runs: a program that does nothing: {nothing:0} ns");
        Console.WriteLine();
        Console.WriteLine(
            "| path | lean, ns | × nothing | at most | × nft's | full, ns | × nothing | at most | × nft's | |"
        );
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var path in Path.All)
        {
            var (lean, full) = Measure(stand, path, rounds, packets);
            var isMissed = lean.Ratio > path.MostLean || full.Ratio > path.MostFull;
            Console.WriteLine(
                Invariant(
                    $"| {path.Name} | {lean.Time:0} | {lean.Ratio:0.0} | {path.MostLean:0} | {lean.Time / peer:0.00} | {full.Time:0} | {full.Ratio:0.0} | {path.MostFull:0} | {full.Time / peer:0.00} | {(isMissed ? "missed" : "")} |"
                )
            );
            if (isMissed)
            {
                missed.Add(
                    Invariant(
                        $"{path.Name}: {lean.Ratio:0.0} lean and {full.Ratio:0.0} full times nothing, at most {path.MostLean} and {path.MostFull} are wanted"
                    )
                );
            }
        }
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
