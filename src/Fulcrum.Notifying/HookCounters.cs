using System.Diagnostics.Metrics;

namespace Fulcrum.Notifying;

/// <summary>What became of events that hooks wanted.</summary>
internal sealed class HookCounters : IDisposable
{
    private readonly Meter _meter;
    private long _told;
    private long _missed;
    private long _failed;

    /// <param name="scope">Whose meter it is, among those of other nodes in this process.</param>
    public HookCounters(object? scope)
    {
        _meter = new("fulcrum.hooks", null, null, scope);
        _meter.CreateObservableCounter(
            "fulcrum.hooks.told",
            () => Volatile.Read(ref _told),
            "{event}",
            "Events that hooks were told of."
        );
        _meter.CreateObservableCounter(
            "fulcrum.hooks.missed",
            () => Volatile.Read(ref _missed),
            "{event}",
            "Events that hooks wanted and were not told of: they came too fast, or the hook failed too often."
        );
        _meter.CreateObservableCounter(
            "fulcrum.hooks.failures",
            () => Volatile.Read(ref _failed),
            "{attempt}",
            "Attempts to tell a hook that failed."
        );
    }

    public void Told(long count) => Interlocked.Add(ref _told, count);

    public void Missed(long count) => Interlocked.Add(ref _missed, count);

    public void Failed() => Interlocked.Increment(ref _failed);

    public void Dispose() => _meter.Dispose();
}
