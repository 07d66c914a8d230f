using System.Diagnostics.Metrics;

namespace Fulcrum.Notifying;

/// <summary>What became of events that hooks wanted.</summary>
internal sealed class HookCounters : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _told;
    private readonly Counter<long> _missed;
    private readonly Counter<long> _failed;

    /// <param name="scope">Whose meter it is, among those of other nodes in this process.</param>
    public HookCounters(object? scope)
    {
        _meter = new("fulcrum.hooks", null, null, scope);
        _told = _meter.CreateCounter<long>("fulcrum.hooks.told", "{event}", "Events that hooks were told of.");
        _missed = _meter.CreateCounter<long>(
            "fulcrum.hooks.missed",
            "{event}",
            "Events that hooks wanted and were not told of: they came too fast, or the hook failed too often."
        );
        _failed = _meter.CreateCounter<long>(
            "fulcrum.hooks.failures",
            "{attempt}",
            "Attempts to tell a hook that failed."
        );
    }

    public void Told(long count) => _told.Add(count);

    public void Missed(long count) => _missed.Add(count);

    public void Failed() => _failed.Add(1);

    public void Dispose() => _meter.Dispose();
}
