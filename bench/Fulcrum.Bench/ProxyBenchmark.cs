using System.Globalization;
using System.Runtime.InteropServices;
using Fulcrum.Bench.Proxies;
using Fulcrum.Bench.Statistics;
using Fulcrum.Bench.Traffic;

namespace Fulcrum.Bench;

/// <summary>
/// Fulcrum's user-space plane beside HAProxy and nginx in one run. Load and backend have the first processor, the proxy
/// that is measured the last ones, with one loop for each as far as there are so many; rounds alternate between the
/// proxies, the others idle meanwhile. Ratios are what counts: throughput tells who is faster where the proxy is the bottleneck, processor time
/// for each unit tells it everywhere.
/// </summary>
internal sealed class ProxyBenchmark : IDisposable
{
    private const int FewestWarmUps = 3;
    private const int MostWarmUps = 15;
    private const double StillFalling = 0.95;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.3);

    private readonly CancellationTokenSource _stopped = new();
    private readonly Verdicts _verdicts = new();
    private readonly ProxyOptions _options;
    private readonly Place _place;
    private readonly Backends _backends;
    private readonly string _state = Directory.CreateTempSubdirectory("fulcrum-bench-").FullName;
    private readonly List<Contender> _contenders = [];
    private readonly Report _report;

    private ProxyBenchmark(ProxyOptions options, Place place)
    {
        (_options, _place) = (options, place);
        _backends = new Backends(Address.HostOf(place.Backend));
        _report = new Report(_verdicts, place.Proxies.Processors.Length);
    }

    public static int Run(string[] arguments)
    {
        if (
            ProxyOptions.Parse(arguments) is not { } options
            || Place.Make(options.Loops, options.Veth) is not { } place
        )
        {
            return 2;
        }

        using (place)
        {
            Native.Pin(place.LoadProcessor);
            using var benchmark = new ProxyBenchmark(options, place);
            return benchmark.Run();
        }
    }

    public void Dispose()
    {
        _contenders.ForEach(contender => contender.Dispose());
        _backends.Dispose();
        _stopped.Dispose();
        Directory.Delete(_state, recursive: true);
    }

    private int Run()
    {
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        var date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        Console.WriteLine($"{date} UTC, {Machine.Describe()}\n{_place}");
        Console.WriteLine(
            $"medians of {_options.Rounds} rounds of {_options.Duration.TotalSeconds} s, in brackets their interval of 90 %"
        );
        try
        {
            MeasureAll();
        }
        catch (OperationCanceledException)
        {
            _verdicts.Fail("stopped");
        }
        catch (InvalidOperationException e)
        {
            _verdicts.Fail(e.Message);
        }

        _report.TellTable();
        foreach (var missed in _verdicts.Missed)
        {
            Console.WriteLine($"missed: {missed}");
        }

        return _verdicts.Missed.Count == 0 ? 0 : 1;
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        _stopped.Cancel();
    }

    private void MeasureAll()
    {
        var work = _options.Rows.Where(row => row.Idle == 0).ToArray();
        foreach (var program in ProxyProgram.All.Where(program => work.Any(program.Does)))
        {
            if (Start(program) is { } contender)
            {
                _contenders.Add(contender);
                contender.WarmUpScrapes();
            }
        }

        foreach (var row in work)
        {
            Measure(row);
        }

        _contenders.ForEach(contender => contender.Dispose());
        _contenders.Clear();
        foreach (var row in _options.Rows.Where(row => row.Idle > 0))
        {
            MeasureIdle(row);
        }
    }

    /// <summary>One that cannot run is told, and the others are measured all the same.</summary>
    private Contender? Start(ProxyProgram program)
    {
        try
        {
            return Contender.Start(program, _backends, _place, _state);
        }
        catch (InvalidOperationException e)
        {
            _verdicts.Fail($"{program.Name} is left out: {e.Message}");
            return null;
        }
    }

    private void Measure(Row row)
    {
        using var load = row.Load(_backends, _place);
        var contenders = _contenders.Where(contender => contender.Program.Does(row)).ToArray();
        var backend = row.IsDatagrams ? _backends.Datagrams : _backends.Stream;
        // The backend speaks no TLS, so there is nothing to compare with then.
        var direct = row.IsSecure ? null : load.Run(backend, WarmUp, _options.Duration, () => TimeSpan.Zero);
        foreach (var contender in contenders.Where(contender => contender.Program.IsCompiledLate))
        {
            WarmUpCode(contender, row, load);
        }

        var measured = new Measurements();
        for (var round = 0; round < _options.Rounds; round++)
        {
            Progress(row, round);
            for (var i = 0; i < contenders.Length; i++)
            {
                _stopped.Token.ThrowIfCancellationRequested();
                // Each is the first now and then, and none always follows the same.
                var contender = contenders[(i + round) % contenders.Length];
                measured.Add(contender.Name, contender.Measure(row, load, WarmUp, _options.Duration));
            }
        }

        _report.Tell(row, direct, measured);
    }

    /// <summary>Until a second of work costs no less than the one before: then most of the code is what it will be.</summary>
    private static void WarmUpCode(Contender contender, Row row, ILoad load)
    {
        var least = double.MaxValue;
        for (var times = 1; times <= MostWarmUps; times++)
        {
            var cost = contender.Measure(row, load, TimeSpan.Zero, TimeSpan.FromSeconds(1)).MicrosecondsEach;
            if (times >= FewestWarmUps && cost > least * StillFalling)
            {
                return;
            }

            least = Math.Min(least, cost);
        }
    }

    private void MeasureIdle(Row row)
    {
        using var load = (Exchange)row.Load(_backends, _place);
        var measured = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        for (var round = 0; round < _options.Rounds; round++)
        {
            Progress(row, round);
            foreach (var program in ProxyProgram.All.Where(program => program.Does(row)))
            {
                _stopped.Token.ThrowIfCancellationRequested();
                if (Idle.Measure(row, load, () => Start(program)) is { } bytes)
                {
                    measured.TryAdd(program.Name, []);
                    measured[program.Name].Add(bytes);
                }
            }
        }

        _report.TellIdle(row, measured.ToDictionary(pair => pair.Key, pair => Bootstrap.OfMedian(pair.Value, 0.9)));
    }

    private void Progress(Row row, int round) =>
        Console.Error.WriteLine($"{row.Name}: round {round + 1} of {_options.Rounds}");
}
