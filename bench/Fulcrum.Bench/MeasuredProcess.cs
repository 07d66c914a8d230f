using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench;

/// <summary>A program under test: what it printed last, and what the kernel books for it (proc(5)).</summary>
internal sealed class MeasuredProcess : IDisposable
{
    private const double KibibytesPerMebibyte = 1024;
    private const int KeptLines = 20;

    private readonly Process _process;
    private readonly Queue<string> _log = new();

    private MeasuredProcess(string name, Process process) => (Name, _process) = (name, process);

    public string Name { get; }

    /// <summary>User and system time of all its threads, and of its children's, since they started.</summary>
    /// <exception cref="InvalidOperationException">It ended; holds what it printed.</exception>
    public TimeSpan Cpu => Family().Aggregate(TimeSpan.Zero, (sum, id) => sum + Native.ProcessorTime(id));

    /// <summary>How often its threads gave their processor away, or lost it; those that ended are missing.</summary>
    public long Switches =>
        Directory
            .GetDirectories($"/proc/{_process.Id}/task")
            .SelectMany(task =>
                Numbers($"{task}/status").Where(line => line.Name.EndsWith("_switches", StringComparison.Ordinal))
            )
            .Sum(line => line.Value);

    /// <summary>Resident now, in MiB.</summary>
    public double Memory => Status("VmRSS") / KibibytesPerMebibyte;

    /// <summary>
    /// What it and its children keep resident now, in MiB: of a page that several have, each its part (smaps_rollup).
    /// </summary>
    public double ProportionalMemory =>
        Family().Sum(id => Numbers($"/proc/{id}/smaps_rollup").Single(line => line.Name == "Pss").Value)
        / KibibytesPerMebibyte;

    /// <summary>The most that ever was, in MiB.</summary>
    public double PeakMemory => Status("VmHWM") / KibibytesPerMebibyte;

    public long Threads => Status("Threads");

    /// <summary>Starts a node of its own on a configuration.</summary>
    /// <param name="bounds">Where it may run; null: everywhere.</param>
    public static MeasuredProcess Fulcrum(string file, string state, Confinement? bounds = null) =>
        Start(
            "fulcrum",
            "dotnet",
            [
                Machine.PathOf("artifacts/bin/Fulcrum/release/fulcrum.dll"),
                "run",
                file,
                "--node",
                "bench",
                "--state",
                state,
            ],
            bounds
        );

    /// <summary>Starts this program as a relay that does the least that can be done.</summary>
    public static MeasuredProcess Bare(string file, Confinement? bounds = null) =>
        Start("bare", "dotnet", [typeof(MeasuredProcess).Assembly.Location, "bare", file], bounds);

    public static MeasuredProcess Haproxy(string file, Confinement? bounds = null) =>
        Start("haproxy", "haproxy", ["-db", "-f", file], bounds);

    public static MeasuredProcess Nginx(string file, Confinement? bounds = null) =>
        Start("nginx", "nginx", ["-c", file, "-e", "stderr"], bounds);

    /// <summary>Asks again and again until it is so.</summary>
    /// <exception cref="InvalidOperationException">It ended, or took too long; holds what it printed.</exception>
    public void WaitUntil(string what, TimeSpan bound, Func<bool> isSo)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            if (_process.WaitForExit(TimeSpan.FromMilliseconds(20)))
            {
                throw new InvalidOperationException($"{Name} ended with exit code {_process.ExitCode}\n{Log()}");
            }

            if (TimeProvider.System.GetElapsedTime(start) > bound)
            {
                throw new InvalidOperationException($"{Name} {what} not within {bound.TotalSeconds} s\n{Log()}");
            }
        }
    }

    /// <summary>Lets it work for a while.</summary>
    /// <exception cref="InvalidOperationException">It ended; holds what it printed.</exception>
    public void Watch(TimeSpan time)
    {
        if (_process.WaitForExit(time))
        {
            throw new InvalidOperationException($"{Name} ended with exit code {_process.ExitCode}\n{Log()}");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static MeasuredProcess Start(string name, string program, string[] arguments, Confinement? bounds)
    {
        var command = bounds?.Enclose([program, .. arguments]) ?? [program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = new Process { StartInfo = start };
        var measured = new MeasuredProcess(name, process);
        process.OutputDataReceived += (_, line) => measured.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => measured.Keep(line.Data);
        // A child begins on the processors of the thread that starts it.
        Exception? failure = null;
        var starter = new Thread(() =>
        {
            try
            {
                if (bounds is not null)
                {
                    Native.Pin(bounds.Processors);
                }

                process.Start();
            }
            catch (Win32Exception e)
            {
                failure = e;
            }
        });
        starter.Start();
        starter.Join();
        if (failure is not null)
        {
            throw new InvalidOperationException($"{name} does not start: {failure.Message}", failure);
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return measured;
    }

    /// <summary>It, and the processes that it has started: nginx works in those.</summary>
    private int[] Family()
    {
        Watch(TimeSpan.Zero);
        var children = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(id => int.Parse(id, CultureInfo.InvariantCulture));
        return [_process.Id, .. children];
    }

    private long Status(string name) => Numbers($"/proc/{_process.Id}/status").Single(line => line.Name == name).Value;

    // Threads end while they are counted.
    private static IEnumerable<(string Name, long Value)> Numbers(string file)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (IOException)
        {
            yield break;
        }

        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var value = line.AsSpan(colon + 1).Trim();
            var end = value.IndexOf(' ');
            if (long.TryParse(end < 0 ? value : value[..end], CultureInfo.InvariantCulture, out var number))
            {
                yield return (line[..colon], number);
            }
        }
    }

    private void Keep(string? line)
    {
        lock (_log)
        {
            _log.Enqueue(line ?? "");
            if (_log.Count > KeptLines)
            {
                _log.Dequeue();
            }
        }
    }

    private string Log()
    {
        lock (_log)
        {
            return string.Join('\n', _log);
        }
    }
}
