using Fulcrum.Bench.Proxies;
using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench;

/// <summary>
/// Fulcrum's user-space plane beside HAProxy in one run. Generator and backend have the first processor, the proxy
/// that is measured the last one, with one loop; rounds alternate between the proxies, the others idle meanwhile.
/// Ratios are what counts: throughput tells who is faster where the proxy is the bottleneck, processor time for each
/// unit tells it everywhere.
/// </summary>
internal static class ProxyBenchmark
{
    private const string Haproxy = "haproxy";
    private const string Fulcrum = "fulcrum";
    private const double BottleneckShare = 0.9;

    private static readonly Work[] Rows =
    [
        new("request/response, 64 connections, 128 bytes", 64, NewConnections: false),
        new("new connections, 32 at once, 128 bytes each way", 32, NewConnections: true),
    ];

    private static readonly TimeSpan FirstWarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.3);

    public static int Run(string[] arguments)
    {
        if (Arguments.Parse(arguments, ("rounds", 5), ("seconds", 2)) is not [var rounds, var seconds])
        {
            return 2;
        }

        var processors = Machine.AllowedProcessors();
        if (processors.Length < 2)
        {
            Console.Error.WriteLine("needs two processors: one for generator and backend, one for the proxy");
            return 2;
        }

        Native.Pin(processors[0]);
        using var generator = new Generator();
        var contenders = new List<Contender>();
        var state = Directory.CreateTempSubdirectory("fulcrum-bench-").FullName;
        try
        {
            var complete = StartAll(contenders, processors[^1], generator, state);
            Console.WriteLine(Machine.Describe());
            Console.WriteLine($"generator and backend on processor {processors[0]}, proxy on {processors[^1]}");
            Console.WriteLine($"medians of {rounds:0} rounds of {seconds} s\n");
            foreach (var work in Rows)
            {
                Measure(generator, contenders, work, (int)rounds, TimeSpan.FromSeconds(seconds));
            }

            return complete ? 0 : 1;
        }
        finally
        {
            contenders.ForEach(contender => contender.Dispose());
            Directory.Delete(state, recursive: true);
        }
    }

    /// <summary>Starts each proxy; one that cannot run is reported, and the others are measured all the same.</summary>
    private static bool StartAll(List<Contender> contenders, int processor, Generator generator, string state)
    {
        (string Name, Func<(string, ushort)[], MeasuredProcess> Start)[] proxies =
        [
            (Fulcrum, ports => MeasuredProcess.Fulcrum(Machine.PathOf("bench/proxy.yaml"), state, processor, ports)),
            (Haproxy, ports => MeasuredProcess.Haproxy(Machine.PathOf("bench/haproxy.cfg"), processor, ports)),
        ];
        foreach (var (name, start) in proxies)
        {
            try
            {
                contenders.Add(Contender.Start(generator, start));
            }
            catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                Console.Error.WriteLine($"{name} is left out: {e.Message}");
            }
        }

        return contenders.Count == proxies.Length;
    }

    private static void Measure(
        Generator generator,
        List<Contender> contenders,
        Work work,
        int rounds,
        TimeSpan duration
    )
    {
        var direct = generator.Run(
            work.NewConnections ? generator.ClosePort : generator.KeepPort,
            work,
            WarmUp,
            duration,
            () => TimeSpan.Zero
        );
        var measured = new Measurements();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contender in contenders)
            {
                var port = work.NewConnections ? contender.ClosePort : contender.KeepPort;
                // The first time, code is compiled and profiled; later only connections are opened.
                var warmUp = round == 0 ? FirstWarmUp : WarmUp;
                measured.Add(contender.Name, generator.Run(port, work, warmUp, duration, () => contender.Cpu));
            }
        }

        Print(work, direct, measured, contenders);
    }

    private static void Print(Work work, Sample direct, Measurements measured, List<Contender> contenders)
    {
        Console.WriteLine(work.Title);
        Console.WriteLine($"  {"without proxy", -14} {direct.PerSecond, 9:0} /s");
        foreach (var name in contenders.Select(contender => contender.Name))
        {
            var busy = measured.Median(name, sample => sample.BusyShare);
            Console.WriteLine(
                $"  {name, -14} {measured.Median(name, sample => sample.PerSecond), 9:0} /s"
                    + $"  {measured.Median(name, sample => sample.MicrosecondsEach), 7:0.00} µs CPU each"
                    + $"  processor {busy, 4:0%} busy{(busy < BottleneckShare ? ": not the bottleneck" : "")}"
                    + $"{(measured.Errors(name) > 0 ? $"  {measured.Errors(name)} ERRORS" : "")}"
            );
        }

        if (contenders.Count == 2)
        {
            Console.WriteLine(
                $"  {Fulcrum}/{Haproxy}: throughput {measured.MedianRatio(Fulcrum, Haproxy, sample => sample.PerSecond):0.00}"
                    + $", CPU each {measured.MedianRatio(Fulcrum, Haproxy, sample => sample.MicrosecondsEach):0.00}"
            );
        }

        Console.WriteLine();
    }
}
