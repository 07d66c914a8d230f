using System.Diagnostics.Metrics;
using Fulcrum.Loops;
using Fulcrum.Proxy.AccessLogs;

namespace Fulcrum.Proxy.Plane;

/// <summary>What each loop of the plane carries; services and backends are told by the node, with their health.</summary>
internal sealed class PlaneMeter : IDisposable
{
    private readonly LoopMeter _loops;
    private readonly Meter _meter;

    public PlaneMeter(object? scope, EventLoop[] loops, LoopPlane[] planes, AccessLogger logs)
    {
        _loops = new(scope, loops);
        _meter = new(new MeterOptions("fulcrum.proxy") { Scope = scope });
        Level("fulcrum.loop.sessions", plane => plane.Active, "{session}", "Sessions on the loop.");
        Level("fulcrum.loop.listeners", plane => plane.Listeners, "{listener}", "Listening sockets on the loop.");
        Level(
            "fulcrum.loop.handshakes",
            plane => plane.Handshakes,
            "{handshake}",
            "TLS handshakes with clients that are under way."
        );
        Level(
            "fulcrum.loop.handshakes.waiting",
            plane => plane.HandshakesWaiting,
            "{handshake}",
            "TLS handshakes that have not begun, because as many are under way as may be."
        );
        Level(
            "fulcrum.loop.programs",
            plane => plane.Programs.Count,
            "{program}",
            "Programs of sessions that run, or are being started."
        );
        Level(
            "fulcrum.loop.offloaded",
            plane => plane.Offloaded?.Count ?? 0,
            "{session}",
            "Sessions of datagrams that the kernel carries."
        );
        Counter(
            "fulcrum.loop.offloaded.begun",
            plane => plane.Offloaded?.Total ?? 0,
            "{session}",
            "Sessions of datagrams that the kernel has taken."
        );
        Counter(
            "fulcrum.loop.offloaded.refused",
            plane => plane.Offloaded?.Refused ?? 0,
            "{session}",
            "Attempts to have the kernel carry a session that failed: there was no place, or it said no."
        );
        Counter(
            "fulcrum.loop.offloaded.datagrams",
            plane => plane.Offloaded?.Datagrams ?? 0,
            "{datagram}",
            "Datagrams that the kernel has passed on, in both directions."
        );
        _meter.CreateObservableCounter(
            "fulcrum.loop.programs.killed",
            () => Of(plane => plane.Programs.Killed),
            "{program}",
            "Programs that did not end in time when their session had, and were killed."
        );
        _meter.CreateObservableCounter(
            "fulcrum.access_log.lines",
            () => logs.Lines,
            "{line}",
            "Lines of access logs that were written."
        );
        _meter.CreateObservableCounter(
            "fulcrum.access_log.dropped",
            () =>
                new Measurement<long>[]
                {
                    new(logs.Dropped, new KeyValuePair<string, object?>("reason", "full")),
                    new(logs.Failed, new KeyValuePair<string, object?>("reason", "failed")),
                },
            "{line}",
            "Lines of access logs that are lost: the writer was too slow, or a file could not be written."
        );

        void Counter(string name, Func<LoopPlane, long> read, string unit, string help) =>
            _meter.CreateObservableCounter(name, () => Of(read), unit, help);

        void Level(string name, Func<LoopPlane, long> read, string unit, string help) =>
            _meter.CreateObservableUpDownCounter(name, () => Of(read), unit, help);

        IEnumerable<Measurement<long>> Of(Func<LoopPlane, long> read) =>
            planes.Zip(
                loops,
                (plane, loop) =>
                    new Measurement<long>(read(plane), new KeyValuePair<string, object?>("loop", loop.Name))
            );
    }

    public void Dispose()
    {
        _meter.Dispose();
        _loops.Dispose();
    }
}
