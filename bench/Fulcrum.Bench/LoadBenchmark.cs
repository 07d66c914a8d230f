using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Fulcrum.Bench.Statistics;

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

        Console.WriteLine(Machine.Describe());
        Console.WriteLine($"fulcrum validate, {services} services of {backends} backends, median of {Rounds} rounds");
        return Math.Max(
            Measure("addresses only", to => LargeConfiguration.WritePlain(to, (int)services, (int)backends)),
            Measure("weights, labels, checks", to => LargeConfiguration.WriteRich(to, (int)services, (int)backends))
        );
    }

    private static int Measure(string name, Action<TextWriter> write)
    {
        var file = Path.GetTempFileName();
        try
        {
            using (var writer = new StreamWriter(file))
            {
                write(writer);
            }

            return Measure($"{name}, {new FileInfo(file).Length / 1048576.0:0.0} MiB of YAML", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static int Measure(string name, string file)
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
                    RedirectStandardOutput = true,
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
            $"  {name}: {Median.Of(runs.Select(run => run.Elapsed.TotalSeconds)):0.00} s  "
                + $"{Median.Of(runs.Select(run => run.Cpu.TotalSeconds)):0.00} s CPU  "
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
                usage = usage with
                {
                    Cpu = process.TotalProcessorTime,
                    PeakBytes = Math.Max(usage.PeakBytes, PeakBytes(process.Id)),
                };
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception or IOException)
            {
                // It ended between the two questions.
            }
        }

        return usage with
        {
            Elapsed = TimeProvider.System.GetElapsedTime(start),
        };
    }

    /// <summary>The most memory that was ever resident; the line is missing once the process is a zombie.</summary>
    private static long PeakBytes(int pid) =>
        File.ReadLines($"/proc/{pid}/status")
            .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Select(line => long.Parse(line.AsSpan(6, line.Length - 9).Trim(), CultureInfo.InvariantCulture) * 1024)
            .DefaultIfEmpty(0)
            .Single();

    private sealed record Usage(TimeSpan Elapsed, TimeSpan Cpu, long PeakBytes);
}
