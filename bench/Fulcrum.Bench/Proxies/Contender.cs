using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench.Proxies;

/// <summary>A proxy under test: a process on a core of its own, with one listener for each of the two backends.</summary>
internal sealed class Contender : IDisposable
{
    private const double TicksPerSecond = 100;
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Queue<string> _log = new();

    private Contender(string name, Process process, ushort keepPort, ushort closePort)
    {
        Name = name;
        KeepPort = keepPort;
        ClosePort = closePort;
        _process = process;
    }

    public string Name { get; }

    public ushort KeepPort { get; }

    public ushort ClosePort { get; }

    /// <summary>User and system time of all its threads since it started (proc(5), fields 14 and 15 of stat).</summary>
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

    /// <summary>
    /// Starts a proxy bound to a processor and waits until both listeners accept. Its configuration finds the ports
    /// in <c>BENCH_KEEP_LISTEN</c>, <c>BENCH_CLOSE_LISTEN</c>, <c>BENCH_KEEP_BACKEND</c> and <c>BENCH_CLOSE_BACKEND</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">It ended, or did not listen in time; holds what it printed.</exception>
    public static Contender Start(
        string name,
        int processor,
        Generator backends,
        string program,
        params string[] arguments
    )
    {
        var (keep, close) = (UnusedPort(), UnusedPort());
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (
            var (variable, port) in new[]
            {
                ("BENCH_KEEP_LISTEN", keep),
                ("BENCH_CLOSE_LISTEN", close),
                ("BENCH_KEEP_BACKEND", backends.KeepPort),
                ("BENCH_CLOSE_BACKEND", backends.ClosePort),
            }
        )
        {
            start.Environment[variable] = port.ToString(CultureInfo.InvariantCulture);
        }

        var process = new Process { StartInfo = start };
        var contender = new Contender(name, process, keep, close);
        process.OutputDataReceived += (_, line) => contender.Keep(line.Data);
        process.ErrorDataReceived += (_, line) => contender.Keep(line.Data);
        // A child begins on the processors of the thread that starts it.
        var starter = new Thread(() =>
        {
            Native.Pin(processor);
            process.Start();
        });
        starter.Start();
        starter.Join();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            contender.WaitUntilItListens();
            return contender;
        }
        catch
        {
            contender.Dispose();
            throw;
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

    private void WaitUntilItListens()
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!(Accepts(KeepPort) && Accepts(ClosePort)))
        {
            if (_process.WaitForExit(TimeSpan.FromMilliseconds(20)))
            {
                throw new InvalidOperationException($"{Name} ended with exit code {_process.ExitCode}\n{Log()}");
            }

            if (TimeProvider.System.GetElapsedTime(start) > StartBound)
            {
                throw new InvalidOperationException(
                    $"{Name} did not listen within {StartBound.TotalSeconds} s\n{Log()}"
                );
            }
        }
    }

    private void Keep(string? line)
    {
        lock (_log)
        {
            _log.Enqueue(line ?? "");
            if (_log.Count > 20)
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

    private static bool Accepts(ushort port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static ushort UnusedPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
