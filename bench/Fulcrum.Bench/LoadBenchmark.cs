using System.ComponentModel;
using System.Diagnostics;
using Fulcrum.Bench.Proxies;

namespace Fulcrum.Bench;

/// <summary>
/// How long <c>fulcrum validate</c> takes on a large configuration, and how much memory, start of the program
/// included: what an operator waits for who checks a file before applying it.
/// </summary>
internal static class LoadBenchmark
{
    private const int Rounds = 3;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);

    public static int Run(string[] arguments)
    {
        if (Arguments.Parse(arguments, ("services", 10_000), ("backends", 10)) is not [var services, var backends])
        {
            return 2;
        }

        var file = Path.GetTempFileName();
        try
        {
            using (var writer = new StreamWriter(file))
            {
                LargeConfiguration.Write(writer, (int)services, (int)backends);
            }

            Console.WriteLine(Machine.Describe());
            Console.WriteLine(
                $"{services} services of {backends} backends, {new FileInfo(file).Length / 1048576.0:0.0} MiB of YAML, "
                    + $"median of {Rounds} rounds"
            );
            return Measure(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static int Measure(string file)
    {
        var runs = new List<Usage>();
        for (var round = 0; round < Rounds; round++)
        {
            using var process = Process.Start(
                new ProcessStartInfo(
                    "dotnet",
                    [Machine.PathOf("artifacts/bin/Fulcrum/release/fulcrum.dll"), "validate", file]
                )
                {
                    UseShellExecute = false,
                }
            )!;
            runs.Add(Watch(process));
            if (process.ExitCode != 0)
            {
                Console.Error.WriteLine($"fulcrum validate ended with exit code {process.ExitCode}");
                return 1;
            }
        }

        Console.WriteLine(
            $"  validate  {Measurements.Median(runs.Select(run => run.Elapsed.TotalSeconds)):0.00} s  "
                + $"{Measurements.Median(runs.Select(run => run.Cpu.TotalSeconds)):0.00} s CPU  "
                + $"peak memory {runs.Max(run => run.PeakBytes) / 1048576.0:0} MiB"
        );
        return 0;
    }

    /// <summary>Looks every few milliseconds: the books of a process close with it.</summary>
    private static Usage Watch(Process process)
    {
        var start = TimeProvider.System.GetTimestamp();
        var usage = new Usage(default, default, 0);
        while (!process.WaitForExit(LookEvery))
        {
            try
            {
                process.Refresh();
                usage = usage with { Cpu = process.TotalProcessorTime, PeakBytes = process.PeakWorkingSet64 };
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception)
            {
                // It ended between the two questions.
            }
        }

        return usage with
        {
            Elapsed = TimeProvider.System.GetElapsedTime(start),
        };
    }

    private sealed record Usage(TimeSpan Elapsed, TimeSpan Cpu, long PeakBytes);
}
