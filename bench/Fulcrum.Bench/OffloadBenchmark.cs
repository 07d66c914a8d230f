using System.Globalization;
using Fulcrum.Bench.Offloading;
using Fulcrum.Bench.Proxies;
using Fulcrum.Bench.Statistics;
using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench;

/// <summary>
/// Datagrams that reach the backend directly, by way of the proxy's loop, and by way of the kernel at the proxy's order:
/// over one loopback device, in one run, by turns. What the kernel does for the proxy is done on the account of whoever
/// sends; so processor time is that of load and proxy together, and what passing on costs is what is beyond direct.
/// </summary>
internal static class OffloadBenchmark
{
    private const int Length = 64;
    private const int Flows = 64;
    private const double LeastDelivery = 0.9;
    private const double MostCpu = 0.15;
    private const double MostWait = 0.6;

    private static readonly string[] Ways = ["direct", "relay", "offload"];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);

    public static int Run(string[] arguments)
    {
        if (
            Arguments.Parse(arguments, ("rounds", 9), ("seconds", 2)) is not [var rounds, var seconds]
            || Place.Make(loops: 1, veth: false) is not { } place
        )
        {
            return 2;
        }

        using (place)
        {
            Native.Pin(place.LoadProcessor);
            Console.WriteLine($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, {Machine.Describe()}\n{place}");
            Console.WriteLine($"medians of {rounds} rounds of {seconds} s, datagrams of {Length} bytes");
            var state = Directory.CreateTempSubdirectory("fulcrum-bench-").FullName;
            try
            {
                return Measure(place, state, (int)rounds, TimeSpan.FromSeconds(seconds));
            }
            finally
            {
                Directory.Delete(state, recursive: true);
            }
        }
    }

    private static int Measure(Place place, string state, int rounds, TimeSpan duration)
    {
        var (socket, backend) = Native.DatagramSocket(Address.HostOf(place.Backend));
        using var relay = Relay.Start(place, backend, isOffloaded: false, Path.Combine(state, "relay"));
        using var offload = Relay.Start(place, backend, isOffloaded: true, Path.Combine(state, "offload"));
        (string Name, Address Target, Func<TimeSpan> Cpu)[] ways =
        [
            ("direct", backend, () => TimeSpan.Zero),
            ("relay", relay.Address, () => relay.Cpu),
            ("offload", offload.Address, () => offload.Cpu),
        ];
        (string Name, Func<ILoad> Load)[] works =
        [
            ("flood", () => new Flood(socket, place.FirstSource, Flows, Length)),
            ("many", () => new Datagrams(socket, place.FirstSource, Flows, Length, train: 1, most: Flows)),
            ("one", () => new Datagrams(socket, place.FirstSource, 1, Length, train: 1, most: 1)),
        ];
        var found = new Dictionary<string, Measurements>(StringComparer.Ordinal);
        foreach (var (name, make) in works)
        {
            var measured = found[name] = new();
            using var load = make();
            // Code is compiled as it is used, and sessions go where they belong.
            foreach (var way in ways.Concat(ways))
            {
                _ = load.Run(way.Target, WarmUp, duration, way.Cpu);
            }

            for (var round = 0; round < rounds; round++)
            {
                Console.Error.WriteLine($"{name}: round {round + 1} of {rounds}");
                for (var i = 0; i < ways.Length; i++)
                {
                    var way = ways[(i + round) % ways.Length];
                    measured.Add(way.Name, load.Run(way.Target, WarmUp, duration, way.Cpu));
                }
            }
        }

        _ = Native.Close(socket);
        return Tell(found);
    }

    private static int Tell(Dictionary<string, Measurements> found)
    {
        var (flood, many, one) = (found["flood"], found["many"], found["one"]);
        Console.WriteLine();
        Console.WriteLine("| | direct | relay | offload | ratio | goal | |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        Row(
            "flood: sent, a second",
            flood,
            sample => (sample.Units + sample.Errors) / sample.Elapsed.TotalSeconds,
            "0"
        );
        var missed = 0;
        Begin("flood: came through, a second", flood, sample => sample.PerSecond, "0");
        missed += Judge(
            flood.Ratio("offload", "direct", sample => sample.PerSecond),
            "of direct, at least",
            LeastDelivery,
            isLeast: true
        );
        Row("flood: lost", flood, sample => sample.Errors / (double)Math.Max(1, sample.Units + sample.Errors), "0.0%");
        Row("64 on their way: back, a second", many, sample => sample.PerSecond, "0");
        Row("the same: load and proxy, µs each", many, Both, "0.00");
        Row("the same: the proxy's process, µs each", many, sample => sample.MicrosecondsEach, "0.000");
        var direct = many.Median("direct", Both);
        Begin("the same: passing on, µs each", many, sample => Both(sample) - direct, "0.00");
        missed += Judge(
            many.Ratio("offload", "relay", sample => Math.Max(0, Both(sample) - direct)),
            "of the relay's, at most",
            MostCpu,
            isLeast: false
        );
        Begin("one on its way: half are back within, µs", one, sample => sample.Half.TotalMicroseconds, "0.0");
        missed += Judge(
            one.Ratio("offload", "relay", sample => sample.Half.TotalMicroseconds),
            "of the relay's, at most",
            MostWait,
            isLeast: false
        );
        return missed == 0 ? 0 : 1;
    }

    private static double Both(Sample sample) =>
        (sample.Cpu + sample.LoadCpu).TotalMicroseconds / Math.Max(1, sample.Units);

    private static void Row(string name, Measurements measured, Func<Sample, double> value, string format)
    {
        Begin(name, measured, value, format);
        Console.WriteLine(" | | | |");
    }

    private static void Begin(string name, Measurements measured, Func<Sample, double> value, string format) =>
        Console.Write(
            $"| {name} | "
                + string.Join(
                    " | ",
                    Ways.Select(way =>
                        measured.Median(way, value).ToString(format, CultureInfo.InvariantCulture)
                    )
                )
        );

    private static int Judge(Interval ratio, string what, double goal, bool isLeast)
    {
        var isMissed = isLeast ? ratio.Estimate < goal : ratio.Estimate > goal;
        Console.WriteLine(
            FormattableString.Invariant(
                $" | {ratio.Estimate:0.00} [{ratio.Low:0.00}, {ratio.High:0.00}] | {what} {goal} | {(isMissed ? "missed" : "")} |"
            )
        );
        return isMissed ? 1 : 0;
    }
}
