using System.Diagnostics;
using System.Globalization;
using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench;

/// <summary>A program under test: what it printed last, and what the kernel books for it (proc(5)).</summary>
internal sealed class MeasuredProcess : IDisposable
{
    private const double TicksPerSecond = 100;
    private const double KibibytesPerMebibyte = 1024;
    private const int KeptLines = 20;

    private readonly Process _process;
    private readonly Queue<string> _log = new();

    private MeasuredProcess(string name, Process process) => (Name, _process) = (name, process);

    public string Name { get; }

    /// <summary>User and system time of all its threads since it started (fields 14 and 15 of stat).</summary>
    public TimeSpan Cpu
    {
        get
        {
            var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            // The name of the program, in parentheses, may hold blanks.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            var ticks =
                long.Parse(fields[11], CultureInfo.InvariantCulture)
                + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return TimeSpan.FromSeconds(ticks / TicksPerSecond);
        }
    }

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

    /// <summary>The most that ever was, in MiB.</summary>
    public double PeakMemory => Status("VmHWM") / KibibytesPerMebibyte;

    public long Threads => Status("Threads");

    /// <summary>Starts a node of its own on a configuration.</summary>
    /// <param name="processor">The only one it may use; null: all.</param>
    public static MeasuredProcess Fulcrum(
        string file,
        string state,
        int? processor,
        params (string, ushort)[] variables
    ) =>
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
            processor,
            variables
        );

    public static MeasuredProcess Haproxy(string file, int? processor, params (string, ushort)[] variables) =>
        Start("haproxy", "haproxy", ["-db", "-f", file], processor, variables);

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
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static MeasuredProcess Start(
        string name,
        string program,
        string[] arguments,
        int? processor,
        (string Name, ushort Value)[] variables
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (variable, value) in variables)
        {
            start.Environment[variable] = value.ToString(CultureInfo.InvariantCulture);
        }

        var process = new Process { StartInfo = start };
        var measured = new MeasuredProcess(name, process);
        process.OutputDataReceived += (_, line) => measured.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => measured.Keep(line.Data);
        // A child begins on the processors of the thread that starts it.
        var starter = new Thread(() =>
        {
            if (processor is { } only)
            {
                Native.Pin(only);
            }

            process.Start();
        });
        starter.Start();
        starter.Join();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return measured;
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
