using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Fulcrum.Linux.Processes;

/// <summary>Metrics of the process, under the names that other programs give them in Prometheus.</summary>
public sealed class ProcessMeter : IDisposable
{
    private readonly Meter _meter;

    /// <param name="scope">Whose process this is; see <see cref="MeterOptions.Scope"/>.</param>
    public ProcessMeter(object? scope)
    {
        _meter = new(new MeterOptions("fulcrum.process") { Scope = scope });
        _meter.CreateObservableCounter(
            "process.cpu",
            () =>
            {
                var usage = ResourceUsage.OfProcess();
                return (usage.User + usage.System).TotalSeconds;
            },
            "s",
            "Processor time of the process."
        );
        _meter.CreateObservableGauge(
            "process.resident_memory",
            () => Environment.WorkingSet,
            "By",
            "Memory of the process that is in the machine's memory."
        );
        _meter.CreateObservableGauge(
            "process.managed_memory",
            () => GC.GetTotalMemory(forceFullCollection: false),
            "By",
            "Memory of the process that the collector looks after."
        );
        _meter.CreateObservableGauge("process.open_fds", () => OpenDescriptors.Count(), null, "Open descriptors.");
        _meter.CreateObservableGauge(
            "process.max_fds",
            () => (long)Math.Min(DescriptorLimit.Current.Soft, long.MaxValue),
            null,
            "Descriptors that may be open."
        );
        _meter.CreateObservableGauge("process.threads", () => ThreadCount(), null, "Threads of the process.");
        using var process = Process.GetCurrentProcess();
        var started = (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
        _meter.CreateObservableGauge(
            "process.start_time",
            () => started,
            "s",
            "When the process began, in seconds since 1970."
        );
    }

    public void Dispose() => _meter.Dispose();

    private static int ThreadCount() => Directory.GetDirectories("/proc/self/task").Length;
}
