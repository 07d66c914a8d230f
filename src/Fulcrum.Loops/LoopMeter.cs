using System.Diagnostics.Metrics;

namespace Fulcrum.Loops;

/// <summary>Metrics of event loops; their label is the loop's name, of which there are about as many as cores.</summary>
public sealed class LoopMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly IReadOnlyList<EventLoop> _loops;

    /// <param name="scope">Whose loops these are; see <see cref="MeterOptions.Scope"/>.</param>
    public LoopMeter(object? scope, IReadOnlyList<EventLoop> loops)
    {
        _loops = loops;
        _meter = new(new MeterOptions("fulcrum.loops") { Scope = scope });
        Counter("fulcrum.loop.wakeups", loop => loop.Counters.Turns, "{wakeup}", "Waits of the loop that returned.");
        Counter("fulcrum.loop.events", loop => loop.Counters.Events, "{event}", "Events of sockets.");
        Counter(
            "fulcrum.loop.stale_events",
            loop => loop.Counters.StaleEvents,
            "{event}",
            "Events of sockets that were closed while the event waited."
        );
        Counter("fulcrum.loop.timers_fired", loop => loop.Counters.Timers, "{timer}", "Timers that fired.");
        Counter("fulcrum.loop.messages", loop => loop.Counters.Messages, "{message}", "Messages from other threads.");
        Counter(
            "fulcrum.loop.accept_pauses",
            loop => loop.Counters.AcceptPauses,
            "{pause}",
            "How often a listener waited for descriptors, for memory, or for leave to listen."
        );
        Counter(
            "fulcrum.loop.faults",
            loop => loop.Counters.Faults,
            "{fault}",
            "Exceptions that ended an object or a message; each is a defect of Fulcrum."
        );
        Counter(
            "fulcrum.loop.buffers.refused",
            loop => loop.Reactor.Buffers.Refused,
            "{buffer}",
            "How often an overflow buffer was wanted and none was left."
        );
        _meter.CreateObservableGauge(
            "fulcrum.loop.longest_turn",
            () => Of(loop => loop.Counters.LongestTurn / 1e6),
            "s",
            "The longest time between two waits, since the start."
        );
        Level("fulcrum.loop.mailbox", loop => loop.Waiting, "{message}", "Messages that wait for the loop.");
        Level("fulcrum.loop.sockets", loop => loop.Reactor.Sockets, "{socket}", "Sockets that are registered.");
        Level("fulcrum.loop.timers", loop => loop.Reactor.Timers, "{timer}", "Timers that are set.");
        Level(
            "fulcrum.loop.buffers",
            loop => loop.Reactor.Buffers.InUse,
            "{buffer}",
            "Overflow buffers in use: data that a receiver did not take."
        );
        Level(
            "fulcrum.loop.buffers.limit",
            loop => loop.Reactor.Buffers.Limit,
            "{buffer}",
            "Overflow buffers that may be in use."
        );
    }

    public void Dispose() => _meter.Dispose();

    private void Counter(string name, Func<EventLoop, long> read, string unit, string help) =>
        _meter.CreateObservableCounter(name, () => Of(read), unit, help);

    private void Level(string name, Func<EventLoop, long> read, string unit, string help) =>
        _meter.CreateObservableUpDownCounter(name, () => Of(read), unit, help);

    private IEnumerable<Measurement<T>> Of<T>(Func<EventLoop, T> read)
        where T : struct =>
        _loops.Select(loop => new Measurement<T>(read(loop), new KeyValuePair<string, object?>("loop", loop.Name)));
}
