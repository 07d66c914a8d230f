namespace Fulcrum.Bench.Checks;

/// <summary>One checker at work on one load: its process, its configuration, and backends of its own.</summary>
internal sealed class Trial : IDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(30);

    private readonly Backends _lasting;
    private readonly Backends _mortal;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fulcrum-bench-");

    private readonly bool _isHalfOpen;

    private Trial(CheckLoad load, bool isHalfOpen)
    {
        (Load, _isHalfOpen) = (load, isHalfOpen);
        var answer = load.Http ? "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n"u8 : [];
        _lasting = new(0, load.Backends - load.Mortal, answer);
        _mortal = new(load.Backends - load.Mortal, load.Mortal, answer);
    }

    public CheckLoad Load { get; }

    public MeasuredProcess Process { get; private set; } = null!;

    /// <summary>Where a node has its API.</summary>
    public string Socket => Path.Combine(_folder.FullName, "state", "fulcrum.sock");

    public long Asked => _lasting.Accepted + _mortal.Accepted;

    /// <summary>From the first connection until each backend had had one; null: not all have.</summary>
    public TimeSpan? Spread =>
        Load.Mortal == 0 ? Between(_lasting.Began, _lasting.Complete)
        : _mortal.Complete == 0 ? null
        : Between(
            Math.Min(_lasting.Began, _mortal.Began),
            _lasting.Complete == 0 ? 0 : Math.Max(_lasting.Complete, _mortal.Complete)
        );

    public static Trial OfFulcrum(CheckLoad load) =>
        Start(
            load,
            load.WriteFulcrum,
            (trial, file) => MeasuredProcess.Fulcrum(file, Path.GetDirectoryName(trial.Socket)!),
            isHalfOpen: false
        );

    /// <summary>
    /// Its TCP checks withhold the last acknowledgement of the handshake and reset at once, so that the backend never
    /// sees a connection: that is less work, for the kernel on both sides, and cannot be counted here.
    /// </summary>
    public static Trial OfHaproxy(CheckLoad load) =>
        Start(load, load.WriteHaproxy, (_, file) => MeasuredProcess.Haproxy(file), isHalfOpen: !load.Http);

    /// <summary>The mortal backends die, all at once.</summary>
    public void Kill() => _mortal.Die();

    /// <summary>What it does in a while, once everything is under way.</summary>
    public Steady Measure(TimeSpan duration)
    {
        var (start, cpu, asked, switches) = (TimeProvider.System.GetTimestamp(), Process.Cpu, Asked, Process.Switches);
        Process.Watch(duration);
        var elapsed = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        return new(
            (Process.Cpu - cpu).TotalSeconds / elapsed,
            _isHalfOpen ? Load.Backends / Load.Interval : (Asked - asked) / elapsed,
            (Process.Switches - switches) / elapsed,
            Process.Memory,
            Process.PeakMemory,
            Process.Threads
        );
    }

    public void Dispose()
    {
        Process?.Dispose();
        _lasting.Dispose();
        _mortal.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Trial Start(
        CheckLoad load,
        Action<TextWriter, ushort, ushort> write,
        Func<Trial, string, MeasuredProcess> start,
        bool isHalfOpen
    )
    {
        var trial = new Trial(load, isHalfOpen);
        try
        {
            var file = Path.Combine(trial._folder.FullName, "checks.json");
            using (var writer = new StreamWriter(file))
            {
                write(writer, trial._lasting.Port, trial._mortal.Port);
            }

            trial.Process = start(trial, file);
            trial.Process.WaitUntil("asks", StartBound, () => isHalfOpen || trial.Asked > 0);
            return trial;
        }
        catch
        {
            trial.Dispose();
            throw;
        }
    }

    private static TimeSpan? Between(long began, long complete) =>
        complete == 0 ? null : TimeProvider.System.GetElapsedTime(began, complete);
}

/// <summary>What a checker takes while nothing changes.</summary>
/// <param name="Cores">Processor time for each second.</param>
/// <param name="Probes">Connections a second.</param>
/// <param name="Switches">Context switches a second.</param>
/// <param name="Memory">MiB resident at the end.</param>
/// <param name="PeakMemory">The most that ever was.</param>
/// <param name="Threads">At the end.</param>
internal sealed record Steady(
    double Cores,
    double Probes,
    double Switches,
    double Memory,
    double PeakMemory,
    long Threads
)
{
    public double MicrosecondsEach => Cores * 1e6 / Math.Max(Probes, 1);

    public override string ToString() =>
        $"{Cores:0.000} core, {MicrosecondsEach:0.0} µs CPU each, {Probes:0} probes/s, "
        + $"{Switches:0} switches/s, {Memory:0} MiB (peak {PeakMemory:0}), {Threads} threads";
}
