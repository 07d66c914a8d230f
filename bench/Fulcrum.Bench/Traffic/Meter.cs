using Fulcrum.Bench.Statistics;

namespace Fulcrum.Bench.Traffic;

/// <summary>What a load counts while it runs; begins anew once it is warm.</summary>
internal sealed class Meter
{
    private const double NanosecondsPerMicrosecond = 1000;

    private readonly Histogram _waits = new();
    private long _units;
    private long _errors;
    private long _began;
    private TimeSpan _cpu;
    private TimeSpan _own;

    /// <summary>Nanoseconds of the clock that durations are taken from.</summary>
    public static long Now => TimeProvider.System.GetTimestamp();

    public void Begin(Func<TimeSpan> cpu)
    {
        _waits.Clear();
        (_units, _errors) = (0, 0);
        _cpu = cpu();
        _own = Native.ThreadTime();
        _began = Now;
    }

    public void Count(long units) => _units += units;

    public void Fail(long units = 1) => _errors += units;

    /// <summary>An answer has come to what was asked then.</summary>
    public void Answered(long asked) => _waits.Record(Now - asked);

    public Sample End(Func<TimeSpan> cpu) =>
        new(
            _units,
            _errors,
            TimeProvider.System.GetElapsedTime(_began),
            cpu() - _cpu,
            Duration(_waits.Quantile(0.5)),
            Duration(_waits.Quantile(0.99))
        )
        {
            LoadCpu = Native.ThreadTime() - _own,
        };

    private static TimeSpan Duration(long nanoseconds) =>
        TimeSpan.FromMicroseconds(nanoseconds / NanosecondsPerMicrosecond);
}
